package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainSpecTest {

  @ParameterizedTest
  @CsvSource({
    "mnist, identity",
    "mnist:identity, identity",
    "mnist:edge, edge",
    "mnist:negative, negative",
    "mnist:rotate90, rotate90"
  })
  void readsMnist(String text, String transform) {
    DomainSpec spec = DomainSpec.parse(text);
    assertThat(spec.source()).isEqualTo(new DomainSource("mnist", ""));
    assertThat(spec.transform().name()).isEqualTo(transform);
    assertThat(spec.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "idx:a.idx, a.idx, identity",
    "idx:a.idx:edge, a.idx, edge",
    "idx:dir/a:rotate90, dir/a, rotate90",
    "idx:edge, edge, identity",
    "idx:C:\\x.idx, C:\\x.idx, identity",
    "idx:C:\\x, C:\\x, identity",
    "idx:C:/x, C:/x, identity",
    "idx:C:x, C:x, identity",
    "idx:C:\\x.idx:negative, C:\\x.idx, negative",
    "idx:a:b.idx, a:b.idx, identity",
    "idx:data/a:odd:identity, data/a:odd, identity"
  })
  void readsFiles(String text, String file, String transform) {
    DomainSpec spec = DomainSpec.parse(text);
    assertThat(spec.source().kind()).isEqualTo("idx");
    assertThat(spec.source().path()).isEqualTo(Path.of(file).toAbsolutePath().normalize());
    assertThat(spec.transform().name()).isEqualTo(transform);
  }

  @Test
  void idxImagesMayBePaddedAndResized() {
    assertThat(DomainSpec.parse("idx:a.idx").pad()).isEqualTo(-1);
    DomainSpec spec = DomainSpec.parse("idx:a.idx:pad=3");
    assertThat(spec.pad()).isEqualTo(3);
    assertThat(spec.transform()).isSameAs(ImageTransforms.IDENTITY);
    assertThat(spec.source().path()).isEqualTo(Path.of("a.idx").toAbsolutePath());
    for (String words : new String[] {"pad=0,negative", "negative,pad=0"}) {
      DomainSpec both = DomainSpec.parse("idx:a.idx:" + words);
      assertThat(both.pad()).isZero();
      assertThat(both.transform().name()).isEqualTo("negative");
    }
  }

  @Test
  void sourcesAreEqualAfterNormalising() {
    DomainSource source = DomainSpec.parse("idx:data/a.idx").source();
    assertThat(DomainSpec.parse("idx:./data//x/../a.idx:edge").source()).isEqualTo(source);
    assertThat(DomainSpec.parse("idx:" + Path.of("data/a.idx").toAbsolutePath()).source())
        .isEqualTo(source);
    assertThat(DomainSpec.parse("idx:data/b.idx").source()).isNotEqualTo(source);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "mnist:egde~domain 'mnist:egde': no transform 'egde', known: identity, edge, negative,"
            + " rotate90; did you mean edge?",
        "mnist:edges~; did you mean edge?",
        "mnist:Edge~; did you mean edge?",
        "mnist:neg~; did you mean negative?",
        "mnist:rotate~; did you mean rotate90?",
        "mnist:~no transform behind the colon, known: identity",
        "mnist:edge:negative~no transform 'edge:negative', known",
        "minst~no source 'minst', known: mnist, mnist:TRANSFORM, idx:FILE",
        "MNIST~; did you mean mnist?",
        "minst:edge~; did you mean mnist?",
        "idx~expected idx:FILE, idx:FILE:TRANSFORM or idx:FILE:pad=N",
        "idx:~expected idx:FILE, idx:FILE:TRANSFORM or idx:FILE:pad=N",
        "idx::edge~expected idx:FILE, idx:FILE:TRANSFORM or idx:FILE:pad=N",
        "idx:a.idx:~no transform behind the colon",
        "idx:a.idx:negativ~no transform 'negativ', known: identity, edge, negative, rotate90; did"
            + " you mean negative?",
        "idx:a.idx:edge,negative~no transform 'edge,negative'",
        "idx:a.idx:pad=x~pad is a number from 0 to 1024, got 'x'",
        "idx:a.idx:pad=2000~pad is a number from 0 to 1024, got '2000'",
        "idx:a.idx:pad=3,~no transform behind the colon",
        "idx:a.idx:pad=3,pad=5~'pad=3' and 'pad=5' exclude each other",
        "folder:cats:edge,negative~'edge' and 'negative' exclude each other",
        "folder:cats:grey,mirror,rgb~'grey' and 'rgb' exclude each other",
        "folder:cats:crop,plain~'crop' and 'plain' exclude each other; 'plain,crop' does this",
        "celeba:c:+A:mirror,plain~'mirror' and 'plain' exclude each other; 'plain,mirror'",
        "folder:cats:mirror,mirror~'mirror' is there twice",
        "rgbd:r:depth:range=1-2,range=1-3~'range=1-2' and 'range=1-3' exclude each other",
        "a.idx~no source 'a.idx', known"
      })
  void explainsMistakes(String text, String message) {
    assertThatThrownBy(() -> DomainSpec.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("domain '" + text + "': ")
        .hasMessageContaining(message);
  }

  @Test
  void guessesNothingFromNothing() {
    for (String text : new String[] {"", "zebra", "mnist:blur", "x".repeat(10_000)}) {
      assertThatThrownBy(() -> DomainSpec.parse(text))
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("did you mean");
    }
    assertThatThrownBy(() -> DomainSpec.parse("idx:a\0b"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not the name of a file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mnist | mnist:edge | true",
        "folder:D:grey | folder:D:grey,edge | true",
        "folder:D:rgb | folder:D:grey,edge | false",
        "folder:D | folder:E:edge | false",
        "folder:D:crop | folder:D:edge | false",
        "celeba:D:+Smiling | celeba:D:+Smiling:negative | true",
        "celeba:D:+Smiling | celeba:D:-Smiling:negative | false",
        "rgbd:D:color | rgbd:D:depth:negative | false",
        "rgbd:D:depth:range=0-5 | rgbd:D:depth:range=0-6,negative | false",
        "idx:FILE | idx:FILE:negative | true",
        "idx:FILE | idx:FILE:pad=2,negative | false",
        "idx:FILE:pad=2 | idx:FILE:pad=2,negative | true"
      })
  void whatDiffersByTransformsAloneShowsTheSame(String a, String b, boolean same) {
    assertThat(DomainSpec.parse(a).showsAs(DomainSpec.parse(b))).isEqualTo(same);
    assertThat(DomainSpec.parse(b).showsAs(DomainSpec.parse(a))).isEqualTo(same);
  }
}
