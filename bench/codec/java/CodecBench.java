import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Decodes and encodes the records of a directory with Apache Avro for Java, warmed up first, and prints
 * one line for each way: its name and the nanoseconds a record, the best of several rounds.
 *
 * Usage: CodecBench DIRECTORY SECONDS
 */
public final class CodecBench {
    private interface Round {
        int run() throws Exception;
    }

    /** Time of this thread alone: what collects garbage and compiles is not held against it. */
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private static Object sink;

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        double seconds = Double.parseDouble(arguments[1]);
        Schema writer = new Schema.Parser().parse(new File(directory.toFile(), "writer.avsc"));
        Schema reader = new Schema.Parser().parse(new File(directory.toFile(), "reader.avsc"));
        byte[] data = Files.readAllBytes(directory.resolve("records.bin"));

        report("decode", seconds, () -> decode(data, new GenericDatumReader<>(writer)));
        report("decode_resolving", seconds, () -> decode(data, new GenericDatumReader<>(writer, reader)));

        List<GenericRecord> records = new ArrayList<>();
        GenericDatumReader<GenericRecord> fresh = new GenericDatumReader<>(writer);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(data, null);
        while (!decoder.isEnd()) {
            records.add(fresh.read(null, decoder));
        }
        GenericDatumWriter<GenericRecord> encoding = new GenericDatumWriter<>(writer);
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length);
        report("encode", seconds, () -> {
            out.reset();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            for (GenericRecord each : records) {
                encoding.write(each, encoder);
            }
            encoder.flush();
            return records.size();
        });
    }

    /** One record is used again and again, as this library allows. */
    private static int decode(byte[] data, GenericDatumReader<GenericRecord> reader) throws Exception {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(data, null);
        GenericRecord datum = null;
        int count = 0;
        while (!decoder.isEnd()) {
            datum = reader.read(datum, decoder);
            ++count;
        }
        sink = datum;
        return count;
    }

    private static void report(String name, double seconds, Round round) throws Exception {
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            long begun = CLOCK.getCurrentThreadCpuTime();
            int count = round.run();
            best = Math.min(best, (double) (CLOCK.getCurrentThreadCpuTime() - begun) / count);
        }
        System.out.printf(java.util.Locale.ROOT, "%s %.1f%n", name, best);
    }
}
