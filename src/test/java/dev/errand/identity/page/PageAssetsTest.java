package dev.errand.identity.page;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.htmlunit.corejs.javascript.CompilerEnvirons;
import org.htmlunit.corejs.javascript.Context;
import org.htmlunit.corejs.javascript.EvaluatorException;
import org.htmlunit.corejs.javascript.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageAssetsTest {
  /** A browser runs nothing of a script with an error. */
  @ParameterizedTest
  @ValueSource(strings = {PageAssets.CONSOLE, PageAssets.INVITATION, PageAssets.USAGE})
  void scriptsHaveNoErrors(String name) {
    parse(new PageAssets().find(name).orElseThrow().content(), name);
  }

  @Test
  void twoConstantsOfOneNameAreAnError() {
    assertThrows(
        EvaluatorException.class, () -> parse("(() => { const a = 1; const a = 2; })();", "a.js"));
  }

  private static void parse(String script, String name) {
    CompilerEnvirons environment = new CompilerEnvirons();
    environment.setLanguageVersion(Context.VERSION_ES6);
    new Parser(environment).parse(script, name, 1);
  }
}
