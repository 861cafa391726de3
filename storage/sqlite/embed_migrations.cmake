# cmake -DOUTPUT=<.cpp> -P embed_migrations.cmake <files>
# writes the definition of sqlite_migrations(), one row for each file.
set(rows "")
set(previous 0)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(at RANGE 0 ${last})
  set(file "${CMAKE_ARGV${at}}")
  if(NOT file MATCHES "/([0-9][0-9][0-9][0-9])_[a-z_]+\\.sql$")
    continue()
  endif()
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  math(EXPR expected "${previous} + 1")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: migrations are numbered without gaps; ${expected} comes next")
  endif()
  set(previous ${number})
  file(READ "${file}" sql)
  string(APPEND rows "    {${number}, R\"sql(${sql})sql\"},\n")
endforeach()
file(
  WRITE "${OUTPUT}"
  "#include \"storage/sqlite/migrations.hpp\"

namespace symbolon::storage {

std::span<const SqliteMigration> sqlite_migrations() {
    static constexpr SqliteMigration rows[] = {
${rows}    };
    return rows;
}

}  // namespace symbolon::storage
")
