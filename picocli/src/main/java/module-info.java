/** The library picocli, as it is; see the module's pom for why it is compiled here. */
module info.picocli {
  requires static java.sql;

  exports picocli;
}
