package dev.cogan.kernels;

/** Where the vectors of a plane's products lie, as offsets; grows to the largest plane seen. */
final class Places {
  int[] at = new int[0];

  /** Of each weight, the first panel or block of its products. */
  int[] first = new int[0];

  /** Room for so many. */
  void room(int products, int weights) {
    if (at.length < products) {
      at = new int[products];
    }
    if (first.length < weights) {
      first = new int[weights];
    }
  }
}
