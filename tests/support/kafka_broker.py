"""A real Kafka broker, one node of its own (KRaft), on loopback: started, killed and started again by a test.

Example:
    with KafkaBroker("build/interop/kafka/jars", folder) as broker:
        run([tool, broker.address, ...])
        broker.kill()       # kill -9
        broker.start()      # the same address, the same data

The jars are those of org.apache.kafka:kafka_2.13, with what it needs: tests/interop/kafka/pom.xml.
Tested by tests/interop/kafka/kafka_test.py.
"""

import pathlib
import signal
import socket
import subprocess
import time

# A small heap, and no time spent on optimising code that runs for a minute.
JAVA = ["java", "-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
CLUSTER_ID = "c3ltYm9sb24tdGVzdHMtMQ"  # 16 bytes in base64, any

PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller_port}
log.dirs={data}
num.partitions=2
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.enable=false
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class KafkaBroker:
    def __init__(self, jars, folder):
        self.folder = pathlib.Path(folder)
        self.class_path = f"{pathlib.Path(jars).resolve()}/*"
        self.port = free_port()
        self.process = None
        self.properties = self.folder / "broker.properties"
        self.log = self.folder / "broker.log"

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def _java(self, *arguments):
        return [*JAVA, "-cp", self.class_path, *arguments]

    def _settings(self):
        """The broker's own properties, by name."""
        text = PROPERTIES.format(port=self.port, controller_port=free_port(), data=self.folder / "data")
        return dict(line.split("=", 1) for line in text.splitlines())

    def _first_users(self):
        """Users that are there from the beginning, as the storage tool's --add-scram takes them."""
        return []

    def _format(self):
        self.properties.write_text("".join(f"{name}={value}\n" for name, value in self._settings().items()))
        users = [word for user in self._first_users() for word in ("--add-scram", user)]
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self.properties), *users),
            capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"the broker's storage could not be formatted:\n{done.stdout}{done.stderr}")

    def start(self, seconds_max=90):
        """Starts it on its data; returns when it takes connections."""
        if not self.properties.exists():
            self._format()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self._java("kafka.Kafka", str(self.properties)),
                                            stdout=log, stderr=log)
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise AssertionError("the broker did not start:\n" + self.log.read_text(errors="replace")[-4000:])

    def kill(self):
        """kill -9: nothing is flushed, nobody is told."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self, seconds=60):
        """SIGTERM; answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.process = None
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()
