# symbolon_library(<room> SOURCES … [PUBLIC …] [PRIVATE …]): a room as the library symbolon::<room>.
function(symbolon_library room)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(symbolon_${room} STATIC ${ARG_SOURCES})
  add_library(symbolon::${room} ALIAS symbolon_${room})
  target_include_directories(symbolon_${room} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(
    symbolon_${room}
    PUBLIC ${ARG_PUBLIC}
    PRIVATE $<BUILD_INTERFACE:symbolon_warnings> ${ARG_PRIVATE})
endfunction()

# symbolon_test(<room> SOURCES … LINK …): the unit tests of a room as one program, one ctest entry.
function(symbolon_test room)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(symbolon_tests_${room} ${ARG_SOURCES})
  target_link_libraries(symbolon_tests_${room} PRIVATE symbolon_warnings ${ARG_LINK} GTest::gmock
                                                       GTest::gtest_main)
  # Tests are compiled more often than they run.
  target_compile_options(symbolon_tests_${room} PRIVATE $<$<CONFIG:Debug>:-O0>)
  target_compile_definitions(
    symbolon_tests_${room} PRIVATE SYMBOLON_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME unit.${room} COMMAND symbolon_tests_${room} --gtest_brief=1)
  set_tests_properties(unit.${room} PROPERTIES LABELS unit TIMEOUT 600)
endfunction()
