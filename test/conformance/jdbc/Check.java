import java.sql.*;
import java.util.Properties;

/** What a JDBC driver with its defaults makes of the SQL endpoint. Prints one line a check. Arguments: JDBC URL, key. */
public class Check {
  interface Work { String run() throws Exception; }

  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", "anybody");
    properties.setProperty("password", args[1]);
    try (Connection connection = DriverManager.getConnection(args[0], properties)) {
      check("driver", () -> connection.getMetaData().getDriverVersion().split(" ")[0]);
      check("rows", () -> rows(connection, "SELECT number, toString(number) AS t FROM numbers(200000)"));
      check("types", () -> types(connection));
      check("parameter", () -> parameter(connection, "it's a \\ and \t and \u00dc"));
      check("tables", () -> names(connection.getMetaData().getTables(null, "kenal", "order%", null), "TABLE_NAME"));
      check("columns", () -> names(connection.getMetaData().getColumns(null, "kenal", "orders", "%"), "COLUMN_NAME"));
      check("early failure", () -> rows(connection, "SELECT nothing FROM orders"));
      check("refused", () -> rows(connection, "SELECT * FROM interaction_rows"));
      check("late failure", () -> rows(connection, "SELECT number, 1 AS t FROM numbers(20000000) WHERE number < 200000 OR sipHash64(number) = intDiv(1, 10000000 - number)"));
      check("after it", () -> rows(connection, "SELECT 42 AS number, 'x' AS t"));
    }
  }

  static void check(String name, Work work) {
    String outcome;
    try {
      outcome = work.run();
    } catch (Throwable fault) {
      int code = fault instanceof SQLException sql ? sql.getErrorCode() : 0;
      outcome = "FAILED " + code + " " + fault.getClass().getSimpleName() + " " + String.valueOf(fault.getMessage()).replace('\n', ' ');
    }
    System.out.println(name + "\t" + outcome);
  }

  static String rows(Connection connection, String sql) throws Exception {
    long count = 0, sum = 0;
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        count++;
        sum += result.getLong(1);
      }
    }
    return count + " rows, sum " + sum;
  }

  static String types(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT order_id, total, currency, ordered_at FROM orders")) {
      ResultSetMetaData meta = result.getMetaData();
      StringBuilder text = new StringBuilder();
      for (int i = 1; i <= meta.getColumnCount(); i++) text.append(meta.getColumnName(i)).append(' ').append(meta.getColumnTypeName(i)).append(", ");
      return text.toString();
    }
  }

  static String parameter(Connection connection, String value) throws Exception {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ? AS given, name FROM interactions WHERE message_id = ?")) {
      statement.setString(1, value);
      statement.setString(2, "a1");
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getString(1).equals(value) + " " + result.getString(2);
      }
    }
  }

  static String names(ResultSet result, String column) throws Exception {
    StringBuilder text = new StringBuilder();
    while (result.next()) text.append(result.getString(column)).append(' ');
    return text.toString();
  }
}
