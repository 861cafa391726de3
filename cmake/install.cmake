# `cmake --install`: the program (component "program"), and the libraries symbolon::compat and
# symbolon::client with their headers and a CMake package (component "library").
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# symbolon::client is all parts; each may be linked alone.
set(symbolon_installed
    core
    compat
    client_http
    client_metrics
    client_kafka
    client_codec
    client_wire
    client_registry_client
    client_payload
    client_sink
    client_decoder
    client_producer
    client_gateway
    client)
set(symbolon_include_folders
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/symbolon>)
foreach(part IN LISTS symbolon_installed)
  # Headers are found as <symbolon/client/...> by users, and by their path below that by each other.
  set_target_properties(
    symbolon_${part}
    PROPERTIES
      EXPORT_NAME ${part}
      INTERFACE_INCLUDE_DIRECTORIES
      "${symbolon_include_folders}")
  install(
    TARGETS symbolon_${part}
    EXPORT symbolonTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
endforeach()
target_compile_features(symbolon_core INTERFACE cxx_std_20)

# Headers that show a third party's are for those that link it, which are the rooms themselves.
install(
  DIRECTORY core compat client
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/symbolon
  COMPONENT library
  FILES_MATCHING
  PATTERN "*.hpp"
  PATTERN "protobuf_scan.hpp" EXCLUDE
  PATTERN "proto_descriptor*.hpp" EXCLUDE
  PATTERN "proto_pool.hpp" EXCLUDE
  PATTERN "proto_sample.hpp" EXCLUDE)

set(symbolon_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/symbolon)
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/symbolonConfig.cmake.in ${PROJECT_BINARY_DIR}/symbolonConfig.cmake
  INSTALL_DESTINATION ${symbolon_package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/symbolonConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/symbolonConfig.cmake ${PROJECT_BINARY_DIR}/symbolonConfigVersion.cmake
  DESTINATION ${symbolon_package_folder}
  COMPONENT library)
install(
  EXPORT symbolonTargets
  NAMESPACE symbolon::
  DESTINATION ${symbolon_package_folder}
  COMPONENT library)

install(TARGETS symbolon RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(
  FILES LICENSE NOTICE
  DESTINATION ${CMAKE_INSTALL_DOCDIR}
  COMPONENT program)
# Schemas, mapping and events that the manual's commands use, and the programs that it quotes.
install(
  DIRECTORY examples/genesys
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
  COMPONENT program)
install(
  DIRECTORY examples/cpp
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples
  COMPONENT library)

# Manual pages and completions are what the program itself says of its flags.
set(symbolon_pages ${PROJECT_BINARY_DIR}/pages)
add_custom_command(
  OUTPUT ${symbolon_pages}/written
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${symbolon_pages}
  COMMAND symbolon man --folder ${symbolon_pages}/man1
  COMMAND symbolon completion bash > ${symbolon_pages}/symbolon
  COMMAND symbolon completion zsh > ${symbolon_pages}/_symbolon
  COMMAND symbolon completion fish > ${symbolon_pages}/symbolon.fish
  COMMAND ${CMAKE_COMMAND} -E touch ${symbolon_pages}/written
  DEPENDS symbolon
  COMMENT "Writing manual pages and completions"
  VERBATIM)
add_custom_target(symbolon_pages ALL DEPENDS ${symbolon_pages}/written)
install(
  DIRECTORY ${symbolon_pages}/man1
  DESTINATION ${CMAKE_INSTALL_MANDIR}
  COMPONENT program)
install(
  FILES ${symbolon_pages}/symbolon
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  COMPONENT program)
install(
  FILES ${symbolon_pages}/_symbolon
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
  COMPONENT program)
install(
  FILES ${symbolon_pages}/symbolon.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
  COMPONENT program)
