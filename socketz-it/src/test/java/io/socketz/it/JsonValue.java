package io.socketz.it;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of JSON.
 *
 * @param text of a string, a number or a word; empty otherwise
 * @param items of an array
 * @param fields of an object, in their order
 */
record JsonValue(String text, List<JsonValue> items, Map<String, JsonValue> fields) {
    private static final JsonValue NOTHING = new JsonValue("", List.of(), Map.of());

    /** Fails if {@code json} is anything but one value. */
    static JsonValue parse(String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            JsonValue value = read(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new AssertionError("more than one value: " + json);
            }
            return value;
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
    }

    private static JsonValue read(JsonParser parser, JsonToken first) throws IOException {
        return switch (first) {
            case START_OBJECT -> new JsonValue("", List.of(), fields(parser));
            case START_ARRAY -> new JsonValue("", items(parser), Map.of());
            default -> new JsonValue(parser.getText(), List.of(), Map.of());
        };
    }

    private static Map<String, JsonValue> fields(JsonParser parser) throws IOException {
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.put(name, read(parser, parser.nextToken()));
        }
        return fields;
    }

    private static List<JsonValue> items(JsonParser parser) throws IOException {
        List<JsonValue> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            items.add(read(parser, next));
        }
        return items;
    }

    /** The field of this name, in the objects of {@code path} within each other; without text and items if it is missing. */
    JsonValue get(String... path) {
        JsonValue value = this;
        for (String name : path) {
            value = value.fields.getOrDefault(name, NOTHING);
        }
        return value;
    }
}
