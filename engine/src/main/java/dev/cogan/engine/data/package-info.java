/**
 * The images that a training learns from. Read {@link DomainSpec} first: one text, such as {@code
 * mnist:edge}, says what a domain consists of. {@link DomainLoader} reads the domains of an
 * experiment and gives those with one source disjoint parts of it (Liu and Tuzel 2016, section 4:
 * two halves of MNIST); each becomes a {@link DomainData}, an {@link ImageSet} with its {@link
 * ImageTransform}, and an {@link ImageStream} draws batches from it without end. Where the images
 * come from: {@link MnistSource}, {@link IdxFile}, and for pictures {@link PictureSource} and
 * {@link PictureLoader}. Tests to begin with: {@code DomainLoaderTest}, {@code ImageStreamTest}.
 */
package dev.cogan.engine.data;
