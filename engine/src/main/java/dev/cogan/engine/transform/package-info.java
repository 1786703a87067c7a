/**
 * From an image of one domain to that of another (Liu and Tuzel 2016, cross-domain image
 * transformation). Read {@link LatentSearch} first: it looks for the z whose generated image is
 * nearest to a given one, and the other generators draw from that z. {@link Lbfgs} is the search,
 * {@link SearchOptions} its settings, an {@link Inversion} what it found and how well it fits.
 * {@link LatentWalk} goes through several z in equal steps. Tests: {@code LatentSearchTest}, {@code
 * LbfgsTest}; on the command line {@code cogan transform} and {@code cogan interpolate}.
 */
package dev.cogan.engine.transform;
