# -fsanitize for every target of the build, from SYMBOLON_SANITIZERS.
if(SYMBOLON_SANITIZERS)
  add_compile_options(-fsanitize=${SYMBOLON_SANITIZERS} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SYMBOLON_SANITIZERS})
endif()
