// The route table and openapi.yaml name the same operations; run.py checks the answers themselves.

#include "api/rest/router.hpp"
#include "api/rest/routes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

namespace symbolon::rest {
namespace {

using Operations = std::map<std::string, std::string>;  ///< operationId -> "METHOD path"

// Reads the file as it is written: two spaces a level, one key a line.
Operations operations_of_contract() {
    Operations operations;
    std::ifstream file(SYMBOLON_SOURCE_DIR "/openapi.yaml");
    std::string line;
    std::string path;
    std::string method;
    bool in_paths = false;
    while (std::getline(file, line)) {
        const auto indent = line.find_first_not_of(' ');
        if (indent == 0) {
            in_paths = line == "paths:";
        } else if (in_paths && indent == 2) {
            path = line.substr(2, line.size() - 3);
        } else if (in_paths && indent == 4) {
            method = line.substr(4, line.size() - 5);
        } else if (in_paths && line.starts_with("      operationId: ")) {
            std::string name = method;
            for (char& letter : name) {
                letter = static_cast<char>(letter - 'a' + 'A');
            }
            operations[line.substr(19)] = name.append(" ").append(path);
        }
    }
    return operations;
}

TEST(Openapi, NamesEveryRouteAndNothingElse) {
    Operations routes;
    for (const RouteName& route : Router::route_names()) {
        routes[std::string(route.operation_id)] =
            std::string(route.method) + " " + std::string(route.path);
    }
    EXPECT_EQ(routes.size(), route_table().size()) << "an operationId is there twice";
    routes["getMetrics"] = "GET /metrics";  // answered by the server's room
    EXPECT_EQ(routes, operations_of_contract());
}

TEST(RouteTable, NoTwoRowsMatchTheSameRequest) {
    std::set<std::string> shapes;
    for (const Route& route : route_table()) {
        std::string shape = std::to_string(static_cast<int>(route.method));
        for (std::size_t at = 0; at < route.part_count; ++at) {
            shape +=
                Route::is_parameter(route.parts[at]) ? "/{}" : "/" + std::string(route.parts[at]);
        }
        EXPECT_TRUE(shapes.insert(shape).second) << route.path;
    }
}

}  // namespace
}  // namespace symbolon::rest
