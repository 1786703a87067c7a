/**
 * Pictures from files, without {@code java.desktop}. Read {@link RawImage} first, what a decoded
 * picture is; an {@link ImageDecoder} makes it from a file's bytes. {@link ImageFormat} tells files
 * apart, {@link PngReader} decodes PNG, {@link JpegFile} finds what is outside a JPEG's picture,
 * which a decoder from elsewhere has to decode. {@link Resize} brings pictures to a size, {@link
 * DepthMap} makes distances of them, and {@link FalseColour} shows one channel in colours. PNG is
 * written elsewhere, in {@link dev.cogan.engine.io.Png}. Tests to begin with: {@code
 * PngReaderTest}, {@code ResizeTest}.
 */
package dev.cogan.engine.image;
