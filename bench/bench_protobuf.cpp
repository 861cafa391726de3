// How fast .proto texts are parsed and compared, and how the cost grows with their size.
//
// Beside parsing stands what libprotobuf takes to build the descriptors of the same schema, from
// its binary form: it has no text to read, so that is less work. Rows whose name ends in _growth
// are for complexity: N is the size of both texts in bytes.
#include "compat/compat.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/strutil.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

struct ProtoTexts {
    std::string text;
    std::vector<NamedText> references{};

    std::size_t bytes() const {
        std::size_t sum = text.size();
        for (const NamedText& reference : references) {
            sum += reference.text.size();
        }
        return sum;
    }
};

const std::string head = "syntax = \"proto3\";\npackage shop;\n";

// A message of so many fields: numbers, texts, lists, maps, enums and messages, in turn.
ProtoTexts wide_message(std::size_t fields) {
    constexpr std::string_view types[] = {
        "int64", "string", "repeated double", "map<string, int64>",
        "State", "Money",  "optional bool",   "Order"};
    std::string text = head + "message Order {\n";
    for (std::size_t at = 1; at <= fields; ++at) {
        text += fmt::format("  {} field_{} = {};\n", types[at % std::size(types)], at, at);
    }
    return {text +
            "  message Money {\n    int64 units = 1;\n    string currency = 2;\n  }\n"
            "  enum State {\n    NEW = 0;\n    PAID = 1;\n  }\n}\n"};
}

// So many oneofs of three in one message.
ProtoTexts many_oneofs(std::size_t count) {
    std::string text = head + "message Order {\n";
    for (std::size_t at = 0; at < count; ++at) {
        text += fmt::format("  oneof choice_{} {{\n", at);
        for (std::size_t member = 3 * at + 1; member <= 3 * at + 3; ++member) {
            text += fmt::format("    string member_{} = {};\n", member, member);
        }
        text += "  }\n";
    }
    return {text + "}\n"};
}

// So many messages in a file of their own, all of which hold each other.
ProtoTexts knot(std::size_t count, std::int32_t version) {
    std::string text = "syntax = \"proto3\";\n";
    for (std::size_t at = 0; at < count; ++at) {
        text += fmt::format("message K{} {{\n", at);
        for (std::size_t other = 0; other < count; ++other) {
            text += fmt::format("  K{} f{} = {};\n", other, other, other + 1);
        }
        text += "}\n";
    }
    return {head + "import \"knot.proto\";\nmessage M { K0 k = 1; }\n",
            {{"knot.proto", text, "knot", version}}};
}

// A tree of messages, each in a package of its own and all of one name. The original's ways part at
// the first steps and go straight on behind them; the update's go straight on and then part. So
// every end of the one meets every message of the other.
enum class Parting { first, last };
ProtoTexts twins(std::size_t levels, Parting parting) {
    ProtoTexts made{head + "import \"t0.proto\";\nmessage M { t0.K k = 1; }\n", {}};
    const auto add = [&](std::size_t left, std::size_t right) {
        const std::size_t at = made.references.size();
        made.references.push_back(
            {fmt::format("t{}.proto", at),
             fmt::format("syntax = \"proto3\";\npackage t{};\n"
                         "message K {{\n  .t{}.K left = 1;\n  .t{}.K right = 2;\n}}\n",
                         at, left, right),
             fmt::format("t{}", at), parting == Parting::first ? 1 : 2});
    };
    const std::size_t first = parting == Parting::last ? levels : 0;
    for (std::size_t at = 0; at < first; ++at) {
        add(at + 1, at + 1);
    }
    const std::size_t ends = std::size_t{1} << levels;
    const std::size_t nodes = 2 * ends - 1;
    for (std::size_t at = 0; at < ends - 1; ++at) {
        add(first + 2 * at + 1, first + 2 * at + 2);
    }
    for (std::size_t end = 0; end < ends; ++end) {
        const std::size_t straight = nodes + end * levels;
        add(parting == Parting::first ? straight : first + ends - 1 + end,
            parting == Parting::first ? straight : first + ends - 1 + end);
    }
    for (std::size_t step = 0; parting == Parting::first && step < ends * levels; ++step) {
        const std::size_t at = nodes + step;
        const std::size_t next = (step + 1) % levels == 0 ? at : at + 1;
        add(next, next);
    }
    return made;
}

// A package of so many parts, and a field whose type is looked for from each of them in vain.
ProtoTexts long_names(std::size_t parts) {
    std::string package = "a";
    for (std::size_t at = 1; at < parts; ++at) {
        package += ".a";
    }
    return {fmt::format("syntax = \"proto3\";\npackage {};\nmessage B {{\n  {}.B b = 1;\n}}\n",
                        package, package)};
}

// So many settings of parts of one option, which normalising puts together.
ProtoTexts option_parts(std::size_t count) {
    std::string text = head +
                       "import \"google/protobuf/descriptor.proto\";\n"
                       "extend google.protobuf.FileOptions { Opt opt = 50000; }\n"
                       "message Opt { int32 a = 1; }\n";
    for (std::size_t at = 0; at < count; ++at) {
        text += fmt::format("option (opt).a{} = {};\n", at, at);
    }
    return {text};
}

SchemaPtr parse_ours(const ProtoTexts& texts) {
    auto schema =
        parse_schema(SchemaType::protobuf, texts.text, texts.references, Strictness::lenient);
    if (!schema) {
        std::abort();
    }
    return *schema;
}

void count_work(benchmark::State& state, std::size_t bytes) {
    state.SetItemsProcessed(state.iterations());
    state.SetComplexityN(static_cast<benchmark::IterationCount>(bytes));
}

void parse(benchmark::State& state, const ProtoTexts& texts) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_ours(texts));
    }
    count_work(state, texts.bytes());
}

void build_with_libprotobuf(benchmark::State& state, const ProtoTexts& texts) {
    namespace gp = google::protobuf;
    std::string bytes;
    if (!gp::Base64Unescape(*parse_ours(texts)->formatted_text(TextFormat::serialized), &bytes)) {
        std::abort();
    }
    for (auto _ : state) {
        gp::FileDescriptorProto file;
        gp::DescriptorPool pool;
        if (!file.ParseFromString(bytes) || pool.BuildFile(file) == nullptr) {
            std::abort();
        }
    }
    count_work(state, texts.bytes());
}

void compare(benchmark::State& state, const ProtoTexts& original, const ProtoTexts& update) {
    const SchemaPtr writer = parse_ours(original);
    const SchemaPtr reader = parse_ours(update);
    for (auto _ : state) {
        const auto findings = reader->findings_reading(*writer);
        if (!findings || !findings->empty()) {
            std::abort();
        }
    }
    count_work(state, original.bytes() + update.bytes());
}

void normalise(benchmark::State& state, const ProtoTexts& texts) {
    const SchemaPtr schema = parse_ours(texts);
    for (auto _ : state) {
        if (!schema->canonical_text(Normalize::yes)) {
            std::abort();
        }
    }
    count_work(state, texts.bytes());
}

std::size_t size_of(const benchmark::State& state) {
    return static_cast<std::size_t>(state.range(0));
}

void proto_parse(benchmark::State& state) {
    parse(state, wide_message(size_of(state)));
}
void proto_build_libprotobuf(benchmark::State& state) {
    build_with_libprotobuf(state, wide_message(size_of(state)));
}
void proto_parse_oneofs(benchmark::State& state) {
    parse(state, many_oneofs(size_of(state)));
}
void proto_build_oneofs_libprotobuf(benchmark::State& state) {
    build_with_libprotobuf(state, many_oneofs(size_of(state)));
}
void proto_normalise(benchmark::State& state) {
    normalise(state, wide_message(size_of(state)));
}
void proto_normalise_options(benchmark::State& state) {
    normalise(state, option_parts(size_of(state)));
}
void proto_normalise_long_names(benchmark::State& state) {
    normalise(state, long_names(size_of(state)));
}
void proto_pair(benchmark::State& state) {
    compare(state, wide_message(size_of(state)), wide_message(size_of(state) + 1));
}
void proto_pair_oneofs(benchmark::State& state) {
    compare(state, many_oneofs(size_of(state)), many_oneofs(size_of(state) + 1));
}
void proto_pair_knot(benchmark::State& state) {
    compare(state, knot(size_of(state), 1), knot(size_of(state), 2));
}
void proto_pair_twins(benchmark::State& state) {
    compare(state, twins(size_of(state), Parting::first), twins(size_of(state), Parting::last));
}
void proto_pair_long_names(benchmark::State& state) {
    compare(state, long_names(size_of(state)), long_names(size_of(state)));
}

BENCHMARK(proto_parse)->Arg(10)->Arg(500);
BENCHMARK(proto_build_libprotobuf)->Arg(10)->Arg(500);
BENCHMARK(proto_parse_oneofs)->Arg(100);
BENCHMARK(proto_build_oneofs_libprotobuf)->Arg(100);
BENCHMARK(proto_normalise)->Arg(10)->Arg(500);
BENCHMARK(proto_pair)->Arg(10)->Arg(500);
BENCHMARK(proto_pair_oneofs)->Arg(100);
BENCHMARK(proto_pair_knot)->Arg(20);
BENCHMARK(proto_parse)->Name("proto_parse_growth")->Range(64, 4'096)->Complexity();
BENCHMARK(proto_pair)->Name("proto_pair_growth")->Range(64, 4'096)->Complexity();
BENCHMARK(proto_pair_oneofs)->Name("proto_pair_oneofs_growth")->Range(64, 4'096)->Complexity();
BENCHMARK(proto_pair_knot)
    ->Name("proto_pair_knot_growth")
    ->RangeMultiplier(2)
    ->Range(20, 160)
    ->Complexity();
BENCHMARK(proto_pair_twins)->Name("proto_pair_twins_growth")->DenseRange(3, 6)->Complexity();
BENCHMARK(proto_pair_long_names)
    ->Name("proto_pair_long_names_growth")
    ->Range(64, 1'024)
    ->Complexity();
BENCHMARK(proto_normalise_long_names)
    ->Name("proto_normalise_long_names_growth")
    ->Range(64, 1'024)
    ->Complexity();
BENCHMARK(proto_normalise_options)
    ->Name("proto_normalise_options_growth")
    ->Range(64, 4'096)
    ->Complexity();

}  // namespace
