package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.DataInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON so that it can be stored and written again: a lone surrogate, which neither UTF-8 nor
 * the database can hold, becomes U+FFFD, and a number too large for memory is a syntax error.
 */
final class StorableJson extends JsonFactory {
  private static final long serialVersionUID = 1L;

  StorableJson() {}

  private StorableJson(StorableJson like) {
    super(like, null);
  }

  @Override
  public JsonFactory copy() {
    return new StorableJson(this);
  }

  @Override
  protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
    return new Sound(super._createParser(in, context));
  }

  @Override
  protected JsonParser _createParser(Reader in, IOContext context) throws IOException {
    return new Sound(super._createParser(in, context));
  }

  @Override
  protected JsonParser _createParser(
      char[] text, int from, int length, IOContext context, boolean recyclable) throws IOException {
    return new Sound(super._createParser(text, from, length, context, recyclable));
  }

  @Override
  protected JsonParser _createParser(byte[] text, int from, int length, IOContext context)
      throws IOException {
    return new Sound(super._createParser(text, from, length, context));
  }

  @Override
  protected JsonParser _createParser(DataInput in, IOContext context) throws IOException {
    return new Sound(super._createParser(in, context));
  }

  private static final class Sound extends JsonParserDelegate {
    Sound(JsonParser parser) {
      super(parser);
    }

    @Override
    public @Nullable String currentName() throws IOException {
      return sound(super.currentName());
    }

    @Override
    @Deprecated
    public @Nullable String getCurrentName() throws IOException {
      return sound(super.getCurrentName());
    }

    @Override
    public @Nullable String getText() throws IOException {
      return sound(super.getText());
    }

    @Override
    public boolean hasTextCharacters() {
      return false;
    }

    @Override
    public @Nullable String getValueAsString() throws IOException {
      return sound(super.getValueAsString());
    }

    @Override
    public @Nullable String getValueAsString(@Nullable String otherwise) throws IOException {
      return sound(super.getValueAsString(otherwise));
    }

    @Override
    public BigDecimal getDecimalValue() throws IOException {
      try {
        return super.getDecimalValue();
      } catch (NumberFormatException e) {
        throw outOfRange();
      }
    }

    @Override
    public Number getNumberValue() throws IOException {
      try {
        return super.getNumberValue();
      } catch (NumberFormatException e) {
        throw outOfRange();
      }
    }

    @Override
    public Number getNumberValueExact() throws IOException {
      try {
        return super.getNumberValueExact();
      } catch (NumberFormatException e) {
        throw outOfRange();
      }
    }

    private InputCoercionException outOfRange() {
      return new InputCoercionException(
          this, "A number is out of range", currentToken(), BigDecimal.class);
    }

    private static @Nullable String sound(@Nullable String text) {
      return text == null ? null : WellFormed.text(text);
    }
  }
}
