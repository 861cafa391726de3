#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "server/version.hpp"

#include <string>

int main(int argc, char** argv) {
    using namespace symbolon;
    CLI::App app{"Symbolon: a schema registry", "symbolon"};
    app.set_version_flag("--version", "symbolon " + std::string(server::program_version()));
    app.require_subcommand(1);
    int exit_code = 0;
    cli::add_serve_command(app, exit_code);
    cli::add_prune_command(app, exit_code);
    cli::add_produce_command(app, exit_code);
    cli::add_gateway_command(app, exit_code);
    cli::add_decode_command(app, exit_code);
    cli::add_guard_command(app, exit_code);
    cli::add_explain_command(app, exit_code);
    cli::add_check_command(app, exit_code);
    cli::add_list_command(app, exit_code);
    cli::add_versions_command(app, exit_code);
    cli::add_get_command(app, exit_code);
    cli::add_register_command(app, exit_code);
    cli::add_config_command(app, exit_code);
    cli::add_mode_command(app, exit_code);
    cli::add_delete_command(app, exit_code);
    cli::add_undelete_command(app, exit_code);
    cli::add_contexts_command(app, exit_code);
    cli::add_diff_command(app, exit_code);
    cli::add_lint_command(app, exit_code);
    cli::add_schema_command(app, exit_code);
    cli::add_plan_command(app, exit_code);
    cli::add_apply_command(app, exit_code);
    cli::add_completion_command(app);
    cli::add_man_command(app, exit_code);
    cli::add_help_command(app, exit_code);
    return cli::run_program(app, {argv + 1, argv + argc}, exit_code);
}
