"""A real Kafka broker that wants to know who comes: SASL_SSL with PLAIN and SCRAM-SHA-512, and mutual TLS.

Its certificates are made for the occasion, by openssl, for 127.0.0.1 and not for localhost. The user `app` may do
everything, by each of the ways; `stranger` (PLAIN) may connect and nothing else. Topics are not made by themselves.
The listener of KafkaBroker is there as well, for the test's own doings.

Example:
    with SecuredKafkaBroker("build/interop/kafka/jars", folder) as broker:
        run([tool, broker.sasl_address, broker.certificates / "ca.pem", ...])

Tested by tests/interop/kafka/secured_test.py.
"""

import subprocess

from kafka_broker import KafkaBroker, free_port

PASSWORDS = {"app": "app s3cret=#1", "stranger": "stranger-s3cret"}


class Certificates:
    """An authority (ca.pem), what it signed, and an authority that signed nothing here (other-ca.pem)."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        for name in ("ca", "other-ca"):
            self._openssl("req", "-x509", *self._new_key(name), "-subj", f"/CN={name}", "-days", "2",
                          "-out", f"{name}.pem")
        self._sign("server", "subjectAltName=IP:127.0.0.1")
        self._sign("app", "extendedKeyUsage=clientAuth")
        both = (folder / "server.key").read_text() + (folder / "server.pem").read_text()
        (folder / "server-both.pem").write_text(both)

    def __truediv__(self, name):
        return self.folder / name

    @staticmethod
    def _new_key(name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def _sign(self, name, extension):
        (self.folder / f"{name}.ext").write_text(extension)
        self._openssl("req", *self._new_key(name), "-subj", f"/CN={name}", "-out", f"{name}.csr")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")


class SecuredKafkaBroker(KafkaBroker):
    def __init__(self, jars, folder):
        super().__init__(jars, folder)
        self.certificates = Certificates(self.folder / "certificates")
        self.sasl_port = free_port()
        self.tls_port = free_port()

    @property
    def sasl_address(self):
        return f"127.0.0.1:{self.sasl_port}"

    @property
    def tls_address(self):
        return f"127.0.0.1:{self.tls_port}"

    def _first_users(self):
        return [f'SCRAM-SHA-512=[name=app,password="{PASSWORDS["app"]}"]']

    def _settings(self):
        settings = super()._settings()
        modules = "org.apache.kafka.common.security"
        users = " ".join(f'user_{name}="{password}"' for name, password in PASSWORDS.items())
        for name in ("listeners", "advertised.listeners"):
            settings[name] += f",SASL://{self.sasl_address},TLS://{self.tls_address}"
        settings |= {
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,TLS:SSL",
            "inter.broker.listener.name": "PLAINTEXT",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self.certificates / "server-both.pem",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.certificates / "ca.pem",
            "listener.name.tls.ssl.client.auth": "required",
            "listener.name.sasl.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
            "listener.name.sasl.plain.sasl.jaas.config": f"{modules}.plain.PlainLoginModule required {users};",
            "listener.name.sasl.scram-sha-512.sasl.jaas.config": f"{modules}.scram.ScramLoginModule required;",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS;User:app;User:CN=app",
            "auto.create.topics.enable": "false",
        }
        return settings
