import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer of our topics with nothing of ours in it: Kafka's own client, Avro's own reader, schemas by the id in each
 * record from the registry. Prints every record that stands there as a line: topic, tab, the value as JSON.
 * Arguments: brokers, address of the registry, topics.
 */
public class JavaConsumer {
  static final HttpClient HTTP = HttpClient.newHttpClient();
  static final ObjectMapper JSON = new ObjectMapper();
  static final Map<Integer, Schema> SCHEMAS = new HashMap<>();

  public static void main(String[] args) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "enable.auto.commit", "false");
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      for (int i = 2; i < args.length; i++) {
        List<TopicPartition> partitions =
            consumer.partitionsFor(args[i]).stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p)))
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200)))
            System.out.println(record.topic() + "\t" + decode(record.value(), args[1]));
      }
    }
  }

  static Object decode(byte[] value, String registry) throws Exception {
    ByteBuffer framed = ByteBuffer.wrap(value);
    if (framed.get() != 0) throw new IllegalStateException("no Confluent framing");
    int id = framed.getInt();
    Schema schema = SCHEMAS.get(id);
    if (schema == null) SCHEMAS.put(id, schema = fetch(registry + "/schemas/ids/" + id));
    var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
    Object decoded = new GenericDatumReader<Object>(schema).read(null, decoder);
    if (!decoder.isEnd()) throw new IllegalStateException("bytes are left of schema " + id);
    return decoded;
  }

  static Schema fetch(String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/vnd.schemaregistry.v1+json").build();
    String body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return new Schema.Parser().parse(JSON.readTree(body).get("schema").asText());
  }
}
