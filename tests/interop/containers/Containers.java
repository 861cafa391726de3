// Container files to JSON lines in Avro's encoding and back, by Apache Avro for Java. Several jobs a run,
// one on each line of standard input: "read FILE LINES" or "write SCHEMA CODEC FILE LINES".

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

public class Containers {
    public static void main(String[] arguments) throws Exception {
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String job = jobs.readLine(); job != null; job = jobs.readLine()) {
            String[] words = job.split(" ");
            if (words[0].equals("read")) {
                read(words[1], words[2]);
            } else {
                write(words[1], words[2], words[3], words[4]);
            }
        }
    }

    static void read(String file, String lines) throws Exception {
        GenericDatumReader<Object> datums = new GenericDatumReader<>(null, null, new GenericData());
        try (DataFileReader<Object> reader = new DataFileReader<>(new File(file), datums);
                OutputStream out = Files.newOutputStream(Path.of(lines))) {
            Schema schema = reader.getSchema();
            GenericDatumWriter<Object> writer = new GenericDatumWriter<>(schema, new GenericData());
            while (reader.hasNext()) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, line);
                writer.write(reader.next(), encoder);
                encoder.flush();
                out.write(line.toByteArray());
                out.write('\n');
            }
        }
    }

    static void write(String schemaFile, String codec, String file, String lines) throws Exception {
        Schema schema = new Schema.Parser().parse(Files.readString(Path.of(schemaFile)));
        GenericDatumReader<Object> reader = new GenericDatumReader<>(schema, schema, new GenericData());
        try (DataFileWriter<Object> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(schema, new GenericData()))) {
            writer.setCodec(CodecFactory.fromString(codec)).setSyncInterval(1000).create(schema, new File(file));
            for (String line : Files.readAllLines(Path.of(lines))) {
                writer.append(reader.read(null, DecoderFactory.get().jsonDecoder(schema, line)));
            }
        }
    }
}
