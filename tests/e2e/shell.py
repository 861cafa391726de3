#!/usr/bin/env python3
"""What the program says of itself: help, manual pages, completion in the real shells, calls that are wrong.

Usage: tests/e2e/shell.py [--binary build/release/symbolon]

Needs bash, zsh, fish, mandoc and groff. Walks the tree of commands by `symbolon __complete`, which
is what the shells ask.
"""

import concurrent.futures
import functools
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, main  # noqa: E402
from program import FolderTest, RegistryTest, environment, run  # noqa: E402

HOSTILE = "a$(touch hacked)`x`;b c"
SUBJECTS = [":.prod:orders", HOSTILE, "orders-key", "orders-value", "payments"]


def call(*words, **env):
    return run(*words, env=env)


@functools.cache
def completed(*words, **env):
    """The candidates for the last of the words."""
    _, out, _ = call("__complete", *words, **env)
    return [line.split("\t")[0] for line in out.splitlines()[1:]]


@functools.cache
def help_of(*words):
    return call(*words, "--help")


@functools.cache
def all_commands():
    """Every command with its words, by asking what may come next."""
    found, waiting = [], [[]]
    while waiting:
        words = waiting.pop()
        found.append(words)
        below = [name for name in completed("help", *words, "")]
        waiting += [[*words, name] for name in below]
    return sorted(found)


def load_tests(_, tests, __):
    """Asks for the commands before the cases go to several processes, each of which would ask again."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda words: (help_of(*words), completed(*words, "--")), all_commands()))
    return tests


class Help(unittest.TestCase):
    def test_every_command_tells_its_flags_an_example_and_how_it_ends(self):
        commands = all_commands()
        self.assertIn(["guard", "list"], commands)
        self.assertGreater(len(commands), 15)
        for words in commands[1:]:
            with self.subTest(command=" ".join(words)):
                status, out, said = help_of(*words)
                self.assertEqual((status, said), (0, ""))
                self.assertRegex(out, r"(?m)^ *Examples?:", "no example")
                self.assertRegex(out, r"(?m)^Exit status: ", "no exit status")
                flags = [flag for flag in completed(*words, "--") if flag != "--help"]
                above = help_of(*words[:-1])[1] if len(words) > 1 else ""  # its flags may count too
                for flag in flags:
                    self.assertRegex(out + above, rf"(?m)^ +(-\w,)?(--[\w-]+,)*{flag}\b", "no line for the flag")
                example = re.search(r"(?m)^ *Examples?:\s*(.*(?:\\\n.*)*)", out).group(1)
                self.assertIn("symbolon " + words[0], example)

    def test_flags_of_examples_are_flags_of_the_command(self):
        for words in all_commands()[1:]:
            _, out, _ = help_of(*words)
            text = out.replace("\\\n", " ")
            for line in text.splitlines():
                for found in re.finditer(r"\bsymbolon ((?:[a-z]+ )*)([^|>)`]*)", line):
                    if not re.search(r"Example|^  +symbolon", line):
                        continue
                    command = [each for each in found.group(1).split()]
                    while command and command not in all_commands():
                        command.pop()
                    known = completed(*command, "--")
                    for flag in re.findall(r"(?<![\w-])--[\w-]+", found.group(2)):
                        self.assertIn(flag, known, line)

    def test_help_lists_the_commands_by_groups(self):
        status, out, said = call("help")
        self.assertEqual((status, said), (0, ""))
        for group in ("The server", "Events", "The shell"):
            self.assertRegex(out, rf"(?m)^{group}:$")
        self.assertNotIn("Others", out)
        self.assertRegex(out, r"(?m)^  serve +Runs the registry\.$")
        status, out, said = call()
        self.assertEqual((status, out), (2, ""))
        self.assertIn("The server:", said)

    def test_help_of_a_command_is_its_help(self):
        for words in (["serve"], ["guard", "clear"]):
            self.assertEqual(call("help", *words), call(*words, "--help"))
        status, _, said = call("help", "sevre")
        self.assertEqual(status, 2)
        self.assertIn("did you mean 'serve'", said)


class WrongCalls(unittest.TestCase):
    def said(self, *words, status=2):
        code, out, said = call(*words)
        self.assertEqual((code, out), (status, ""), said)
        return said

    def test_what_is_unknown_is_told_with_what_was_perhaps_meant(self):
        self.assertIn("there is no command 'explian'; did you mean 'explain'?", self.said("explian"))
        self.assertIn("'--sotre'; did you mean '--store'?", self.said("prune", "--sotre", "x"))
        self.assertIn("did you mean 'clear'?", self.said("guard", "clera"))
        self.assertIn("See 'symbolon guard --help'.", self.said("guard", "nope"))
        self.assertNotIn("did you mean", self.said("xyzzy"))
        self.assertNotIn("\x1b", self.said("\x1b[2J"))

    def test_a_gate_says_1_where_others_say_2(self):
        for name in ("check", "lint"):
            if [name] in all_commands():
                self.said(name, "--no-such-flag", status=1)
        self.said("prune", "--no-such-flag", status=2)


class ManualPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="symbolon-")
        cls.addClassCleanup(folder.cleanup)
        cls.place = pathlib.Path(folder.name, "man1")
        status, _, said = call("man", "--folder", cls.place)
        assert status == 0, said
        cls.pages = sorted(cls.place.iterdir())

    def test_there_is_one_for_each_command(self):
        wanted = sorted("-".join(["symbolon", *words]) + ".1" for words in all_commands())
        self.assertEqual([page.name for page in self.pages], wanted)

    def test_mandoc_and_groff_take_all_without_a_warning(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *self.pages], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        for page in self.pages:
            done = subprocess.run(["groff", "-man", "-ww", "-z", "-T", "utf8", page], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), page.name)

    def test_man_shows_their_sections(self):
        for page in self.pages:
            shown = subprocess.run(["man", "-l", "-P", "cat", page], capture_output=True, text=True,
                                   check=True, env=environment(MANWIDTH="100", LC_ALL="C.UTF-8")).stdout
            shown = re.sub(r".\x08", "", shown)
            for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS",
                            "SEE ALSO"):
                if section == "EXAMPLES" and page.name == "symbolon.1":
                    continue
                self.assertRegex(shown, rf"(?m)^{section}$", page.name)

    def test_text_comes_out_as_it_went_in(self):
        page = self.place / "symbolon-gateway.1"
        shown = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, text=True, check=True).stdout
        shown = re.sub(r".\x08", "", shown)
        self.assertIn('{"status":"accepted","eventId":...,"requestId":...}', shown)
        self.assertIn("--downstream http://127.0.0.1:9000/events", shown)
        self.assertIn("SCHEMA_REGISTRY_URL", shown)


class Completion:
    """The same questions to three shells; `ask` of a subclass answers with the candidates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for subject in SUBJECTS:
            cls.server.register(subject, '"string"')
        place = tempfile.TemporaryDirectory(prefix="symbolon-")
        cls.addClassCleanup(place.cleanup)
        cls.place = pathlib.Path(place.name)
        (cls.place / "symbolon").symlink_to(OPTIONS.binary)
        (cls.place / "schema.avsc").write_text('"string"')
        cls.script = cls.place / "script"
        cls.script.write_text(call("completion", cls.__name__.removeprefix("CompletionIn").lower())[1])
        cls.environment = environment(PATH=f"{cls.place}:{os.environ['PATH']}", HOME=place.name, LC_ALL="C.UTF-8",
                                      TERM="dumb", XDG_CONFIG_HOME=f"{cls.place}/config")  # where fish makes folders

    def run_shell(self, command, **more):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=self.place,
                              env={**self.environment, **more})
        self.assertEqual(done.stderr.strip(), "", done.stdout)
        return done.stdout

    def test_commands(self):
        self.assertEqual(self.ask("symbolon gu"), ["guard"])
        self.assertEqual(self.ask("symbolon guard "), ["accept", "clear", "forget", "list"])
        self.assertIn("prune", self.ask("symbolon "))

    def test_flags_and_values(self):
        self.assertEqual(self.ask("symbolon prune --dr"), ["--dry-run"])
        self.assertEqual(self.ask("symbolon explain --framing c"), ["confluent", "confluent-guid", "container"])
        self.assertEqual(self.ask("symbolon guard list --nope=x"), [])

    def test_a_value_behind_an_equals_sign(self):
        found = self.ask("symbolon explain --framing=ba")
        self.assertEqual([word.removeprefix("--framing=") for word in found], ["bare"])

    def test_subjects_of_the_registry_that_the_words_name(self):
        line = f"symbolon gateway --registry {self.url} --subject "
        self.assertEqual(self.ask(line + "o"), ["orders-key", "orders-value"])
        self.assertEqual(self.ask("symbolon gateway --subject p", SYMBOLON_REGISTRY=self.url), ["payments"])
        for flag in ("decode --subject", "decode --reader-subject", "produce --subject", "explain --subject"):
            self.assertEqual(self.ask(f"symbolon {flag} p", SYMBOLON_REGISTRY=self.url), ["payments"], flag)
        self.assertEqual(len(self.ask(line)), len(SUBJECTS))
        self.assertFalse((self.place / "hacked").exists())

    def test_no_registry_is_no_subject(self):
        self.assertEqual(self.ask("symbolon gateway --subject "), [])
        self.assertEqual(self.ask("symbolon gateway --registry http://127.0.0.1:9 --subject "), [])


class CompletionInBash(Completion, RegistryTest):
    def ask(self, line, **more):
        # Words as readline cuts them; a cut within a word is seen in COMP_LINE.
        words = re.findall(r"[^\s=:]+|[=:]+", line) + ([""] if line.endswith(" ") else [])
        program = (f"source {self.script}; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=$LINE; "
                   "COMP_POINT=${#COMP_LINE}; _symbolon; "
                   "if ((${#COMPREPLY[@]})); then printf '%s\\n' \"${COMPREPLY[@]}\"; fi")
        out = self.run_shell(["bash", "--norc", "-c", program, "bash", *words], LINE=line, **more)
        return sorted(out.splitlines())

    def test_what_readline_puts_in_place_is_the_last_piece_alone(self):
        line = f"symbolon gateway --registry={self.url} --subject :.prod:o"
        self.assertEqual(self.ask(line), ["orders"])

    def test_names_are_quoted(self):
        found = self.ask(f"symbolon gateway --registry {self.url} --subject a")
        out = self.run_shell(["bash", "-c", f"printf %s {found[0]}"])
        self.assertEqual(out, HOSTILE)

    def type_in(self, keys, until):
        """Types into an interactive bash; what it shows, at the latest when `until` is there."""
        keyboard, terminal = pty.openpty()
        shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"], stdin=terminal, stdout=terminal, stderr=terminal,
            cwd=self.place, start_new_session=True, env={**self.environment, "PS1": "READY "})
        os.close(terminal)
        shown, typed = "", False
        try:
            os.write(keyboard, f"source {self.script}; echo GO''ON\n".encode())
            while until not in shown.partition("GOON")[2] and select.select([keyboard], [], [], 20)[0]:
                shown += os.read(keyboard, 4096).decode()
                if "GOON" in shown and not typed:
                    os.write(keyboard, keys.encode())
                    typed = True
        finally:
            shell.kill()
            shell.wait()
            os.close(keyboard)
        return shown.partition("GOON")[2]

    def test_a_tab_completes_in_a_terminal(self):
        self.assertIn("symbolon prune --dry-run ", self.type_in("symbolon prune --dr\t", "--dry-run "))
        line = f"symbolon gateway --registry={self.url} --subject :.prod:o\t"
        self.assertIn(":.prod:orders ", self.type_in(line, ":.prod:orders "))
        self.assertIn("--schema schema.avsc", self.type_in("symbolon explain --schema sch\t", "schema.avsc"))


class CompletionInFish(Completion, RegistryTest):
    def ask(self, line, **more):
        out = self.run_shell(["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]",
                              str(self.script), line], **more)
        return sorted(word.split("\t")[0] for word in out.splitlines())

    def test_files(self):
        for words in ("explain --schema", "decode", "produce", "decode --output", "gateway --anomalies"):
            self.assertIn("schema.avsc", self.ask(f"symbolon {words} sche"), words)


class CompletionInZsh(Completion, RegistryTest):
    def ask(self, line, **more):
        program = r"""
zmodload zsh/zpty
zpty shell "zsh -f -i"
zpty -w shell "PS1= PROMPT= RPROMPT= ; unsetopt zle_bracketed_paste 2>/dev/null; cd $PWD; stty -echo 2>/dev/null"
zpty -w shell "autoload -Uz compinit && compinit -u -d $HOME/compdump; source $1"
zpty -w shell "compadd () { local -a __found; if [[ \${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then builtin compadd -A __found \"\$@\"; print -rl -- '<<'\"\${(@)^__found}\"'>>'; fi; builtin compadd \"\$@\" }"
zpty -w shell "zstyle ':completion:*' list-prompt ''; LISTMAX=10000; bindkey '^I' complete-word"
zpty -w shell "finish () { print FINI''SHED }; zle -N finish; bindkey '^X' finish; print REA''DY"
zpty -r -m shell seen "*READY*"
zpty -w -n shell "$2"$'\t\x18'
local out= piece
while [[ $out != *FINISHED* ]] && zpty -r shell piece; do out+=$piece; done
zpty -d shell
print -r -- "$out"
"""
        out = self.run_shell(["zsh", "-f", "-c", program, "zsh", str(self.script), line], **more)
        return sorted(set(re.findall(r"<<(.*?)>>", out)) - {""})


class Profiles(FolderTest):
    def test_profiles_are_completed_and_used(self):
        server = self.serve()
        server.register("orders", '"string"')
        home = str(self.folder)
        file = self.write("symbolon/config.yaml", "default: local\nprofiles:\n  local:\n    registry: "
                          f"http://me:hidden@127.0.0.1:{server.port}\n  other: {{registry: 'http://127.0.0.1:9'}}\n")
        file.chmod(0o644)
        self.assertEqual(completed("explain", "--profile", "", XDG_CONFIG_HOME=home), ["local", "other"])
        status, out, said = call("explain", "--hex", "0000000001" + "0261", XDG_CONFIG_HOME=home)
        self.assertEqual(status, 0, said)
        self.assertIn("orders", out)
        self.assertRegex(said, r"warning: .*config\.yaml holds a secret .* chmod 600")
        self.assertNotIn("hidden", out + said)
        status, out, said = call("explain", "--hex", "0000000001" + "0261", "--profile", "nope",
                                 XDG_CONFIG_HOME=home)
        self.assertEqual(status, 2)
        self.assertIn("there are: local, other", said)
        file.write_text("profiles: {a: {registyr: x}}")
        status, _, said = call("explain", "--hex", "00", XDG_CONFIG_HOME=home)
        self.assertEqual(status, 2)
        self.assertIn("config.yaml:1:16: 'registyr' is not known", said)


if __name__ == "__main__":
    main()
