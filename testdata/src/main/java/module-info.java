/** Finds the files of the test data on disk. Used by tests only. */
module dev.cogan.testdata {
  exports dev.cogan.testdata;
}
