// is_compatible READER WRITER: whether data of one Avro schema can be read with another.
#include <symbolon/compat/compat.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

using namespace symbolon;

compat::SchemaPtr read_schema(const char* path) {
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::strict).value();
}

int main(int, char** words) {
    const auto findings = read_schema(words[1])->findings_reading(*read_schema(words[2])).value();
    std::cout << (findings.empty() ? "compatible" : "incompatible") << '\n';
    return findings.empty() ? 0 : 1;
}
