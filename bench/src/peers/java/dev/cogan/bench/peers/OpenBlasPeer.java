package dev.cogan.bench.peers;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import dev.cogan.bench.GemmProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.File;

/**
 * The system's OpenBLAS, called by netlib's JNI bindings, which hand over Java's arrays without a
 * copy. JNA finds the library and sets its number of threads.
 */
public final class OpenBlasPeer implements Peer {

  @Override
  public String name() {
    return "openblas";
  }

  @Override
  public Operation gemm(GemmProblem problem, int threads) {
    NativeLibrary library = library();
    library.getFunction("openblas_set_num_threads").invokeVoid(new Object[] {threads});
    int actual = library.getFunction("openblas_get_num_threads").invokeInt(new Object[0]);
    if (actual != threads) {
      throw new IllegalStateException("openblas: asked for " + threads + " threads, has " + actual);
    }
    System.err.println("# " + text(library, "openblas_get_config"));
    requireKnownProcessor(text(library, "openblas_get_corename"));
    // The library that JNA found, not whatever else the system has as libblas.so.3.
    nameForNetlib(library.getFile());
    return new BlasOperation(NativeBLAS.getInstance(), problem);
  }

  /** JNA knows a path, or, if the system's linker found the library, no more than its name. */
  private static void nameForNetlib(File file) {
    if (file.isFile()) {
      System.setProperty("dev.ludovic.netlib.blas.nativeLibPath", file.getAbsolutePath());
    } else {
      System.setProperty("dev.ludovic.netlib.blas.nativeLib", file.getName());
    }
  }

  /** A library older than the processor takes the oldest code that it has: no fair peer. */
  static void requireKnownProcessor(String core) {
    if (core.equals("Prescott")) {
      throw new IllegalStateException(
          "openblas: does not know this processor and computes as for a Prescott of 2004; set the"
              + " environment variable OPENBLAS_CORETYPE to SkylakeX (AVX-512), Haswell or Zen"
              + " (AVX2)");
    }
  }

  private static NativeLibrary library() {
    try {
      return NativeLibrary.getInstance("openblas");
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "openblas: no libopenblas.so found; Debian's package is libopenblas0-pthread", e);
    }
  }

  private static String text(NativeLibrary library, String function) {
    Function f = library.getFunction(function);
    return f.invokeString(new Object[0], false);
  }
}
