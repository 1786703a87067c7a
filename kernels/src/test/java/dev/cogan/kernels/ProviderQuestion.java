package dev.cogan.kernels;

/** A program that prints the provider's answer; for a JVM with other flags than the tests'. */
final class ProviderQuestion {
  private ProviderQuestion() {}

  public static void main(String[] args) {
    System.out.println(new VectorKernelProvider().unavailableReason());
  }
}
