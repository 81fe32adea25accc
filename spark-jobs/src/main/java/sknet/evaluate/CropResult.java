package sknet.evaluate;

import sknet.data.image.ResizeCentreCrop;

/**
 * The errors at one size of image; the paper's Table 2 has those of 224 and 320.
 *
 * @param cropSize  height and width of what the network sees, pixels
 * @param resize    the shorter side before the crop, pixels
 * @param tally     what was counted
 * @param top1Error percent
 * @param top5Error percent
 */
public record CropResult(int cropSize, int resize, Tally tally, double top1Error, double top5Error) {

    static CropResult of(ResizeCentreCrop crop, Tally tally) {
        return new CropResult(crop.size(), crop.resize(), tally, tally.top1Error(), tally.top5Error());
    }
}
