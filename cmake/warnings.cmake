# Warnings of the house, for both compilers. Warnings are errors in developer builds.
add_library(symbolon_warnings INTERFACE)
target_compile_options(
  symbolon_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror=switch -Werror=unused-result
            $<$<BOOL:${SYMBOLON_DEVELOPER}>:-Werror>
            # libstdc++ 12's own std::stable_sort uses a function that it calls deprecated.
            $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
