#include "client/http/http_client_curl.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace symbolon::client {
namespace {

using symbolon::testing::answering;
using symbolon::testing::PeerStream;
using symbolon::testing::ScriptedServer;
using symbolon::testing::TempDir;

struct ContextDeleter {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, ContextDeleter>;

class TlsStream final : public PeerStream {
public:
    TlsStream(SSL_CTX& context, int socket) : tls_(SSL_new(&context)) { SSL_set_fd(tls_, socket); }
    ~TlsStream() override {
        SSL_shutdown(tls_);
        SSL_free(tls_);
    }
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    TlsStream(TlsStream&&) = delete;
    TlsStream& operator=(TlsStream&&) = delete;

    bool accept() { return SSL_accept(tls_) == 1; }
    std::size_t read(char* bytes, std::size_t size) override {
        const int got = SSL_read(tls_, bytes, static_cast<int>(size));
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    bool write(std::string_view bytes) override {
        return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

private:
    SSL* tls_;
};

/// An authority, certificates of it for a server and a client, and one of nobody's; made once.
class HttpClientTls : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = std::make_unique<TempDir>();
        ::signal(SIGPIPE, SIG_IGN);  // the server's own; the client has to do without
        ::setenv("no_proxy", "127.0.0.1,localhost", 1);
        const std::string quiet = " 2>>'" + file("log") + "' >&2";
        const std::string make =
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
            "-nodes -days 2 -x509 ";
        run(make + "-subj /CN=ca -keyout '" + file("ca.key") + "' -out '" + file("ca.pem") + "'" +
            quiet);
        run(make + "-subj /CN=nobody -addext subjectAltName=IP:127.0.0.1 -keyout '" +
            file("nobody.key") + "' -out '" + file("nobody.pem") + "'" + quiet);
        for (const std::string name : {"server", "client", "elsewhere"}) {
            std::ofstream(file(name + ".ext"))
                << "subjectAltName="
                << (name == "elsewhere" ? "DNS:elsewhere.test" : "IP:127.0.0.1");
            run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "
                "/CN=" +
                name + " -keyout '" + file(name + ".key") + "' -out '" + file(name + ".csr") + "'" +
                quiet);
            run("openssl x509 -req -days 2 -in '" + file(name + ".csr") + "' -CA '" +
                file("ca.pem") + "' -CAkey '" + file("ca.key") + "' -CAcreateserial -extfile '" +
                file(name + ".ext") + "' -out '" + file(name + ".pem") + "'" + quiet);
        }
        run("openssl pkey -aes128 -passout pass:hidden -in '" + file("client.key") + "' -out '" +
            file("client.locked") + "'" + quiet);
    }
    static void TearDownTestSuite() { folder.reset(); }

    static std::string file(const std::string& name) { return folder->file(name); }
    static void run(const std::string& command) {
        ASSERT_EQ(std::system(command.c_str()), 0) << command;
    }

    /// `name`'s certificate; with `clients`, it asks for one of that authority.
    static ContextPtr context_of(const std::string& name, const std::string& clients = "") {
        ContextPtr context(SSL_CTX_new(TLS_server_method()));
        EXPECT_EQ(SSL_CTX_use_certificate_file(context.get(), file(name + ".pem").c_str(),
                                               SSL_FILETYPE_PEM),
                  1);
        EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context.get(), file(name + ".key").c_str(),
                                              SSL_FILETYPE_PEM),
                  1);
        if (!clients.empty()) {
            EXPECT_EQ(SSL_CTX_load_verify_locations(context.get(), file(clients).c_str(), nullptr),
                      1);
            SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                               nullptr);
        }
        return context;
    }

    static ScriptedServer::Wrap through(SSL_CTX& context) {
        return [&context](int socket) -> std::unique_ptr<PeerStream> {
            auto stream = std::make_unique<TlsStream>(context, socket);
            return stream->accept() ? std::move(stream) : nullptr;
        };
    }

    static Result<HttpResponse> send(const ScriptedServer& server, TlsOptions tls) {
        auto sender = open_http_client({.tls = std::move(tls)});
        EXPECT_TRUE(sender);
        HttpRequest request;
        request.method = "POST";
        request.body = "x";
        request.url = server.url("/", "https");
        return (*sender)->send(request);
    }

    static inline std::unique_ptr<TempDir> folder;
};

TEST_F(HttpClientTls, ATrustedAuthorityIsTrusted) {
    const auto context = context_of("server");
    ScriptedServer server({answering("hello")}, through(*context));
    const auto answer = send(server, {.ca_file = file("ca.pem")});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "hello");
}

TEST_F(HttpClientTls, ABadCertificateIsRefusedBeforeAnythingIsSent) {
    for (const std::string name : {"nobody", "elsewhere"}) {
        const auto context = context_of(name);
        ScriptedServer server({answering("hello")}, through(*context));
        const auto answer = send(server, {.ca_file = file("ca.pem")});
        ASSERT_FALSE(answer) << name;
        EXPECT_EQ(answer.error().code, ErrorCode::not_reachable) << name;
        EXPECT_NE(answer.error().message.find("SSL"), std::string::npos) << answer.error().message;
        EXPECT_EQ(server.requests().size(), 0U) << name;
    }
}

TEST_F(HttpClientTls, AnAuthorityThatTheSystemDoesNotKnowIsRefused) {
    const auto context = context_of("server");
    ScriptedServer server({answering("hello")}, through(*context));
    EXPECT_FALSE(send(server, {}));
    EXPECT_EQ(server.requests().size(), 0U);
}

TEST_F(HttpClientTls, MutualTlsWorks) {
    const auto context = context_of("server", "ca.pem");
    ScriptedServer server({answering("hello")}, through(*context));
    const auto answer = send(server, {.ca_file = file("ca.pem"),
                                      .certificate_file = file("client.pem"),
                                      .key_file = file("client.key")});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "hello");
    EXPECT_TRUE(send(server, {.ca_file = file("ca.pem"),
                              .certificate_file = file("client.pem"),
                              .key_file = file("client.locked"),
                              .key_password = "hidden"}));
}

TEST_F(HttpClientTls, WithoutACertificateMutualTlsFails) {
    const auto context = context_of("server", "ca.pem");
    ScriptedServer server({answering("hello")}, through(*context));
    EXPECT_FALSE(send(server, {.ca_file = file("ca.pem")}));
    EXPECT_FALSE(send(server, {.ca_file = file("ca.pem"),
                               .certificate_file = file("client.pem"),
                               .key_file = file("client.locked")}));  // and nobody is asked for it
    EXPECT_EQ(server.requests().size(), 0U);
}

TEST_F(HttpClientTls, FilesThatCannotBeReadAreToldAtOnce) {
    const auto sender = open_http_client({.tls = {.ca_file = "/no/such/ca.pem"}});
    ASSERT_FALSE(sender);
    EXPECT_EQ(sender.error().code, ErrorCode::cannot_start);
    EXPECT_NE(sender.error().message.find("/no/such/ca.pem"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::client
