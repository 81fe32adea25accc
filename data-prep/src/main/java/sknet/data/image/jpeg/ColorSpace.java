package sknet.data.image.jpeg;

/** What a file's components are. */
enum ColorSpace {
    GREY, RGB, YCC, CMYK, YCCK;

    /** As libjpeg tells: by Adobe's segment if there is one, else by the components' number and names. */
    static ColorSpace of(Frame frame, boolean jfif, int adobeTransform) {
        int components = frame.components().size();
        if (components == 1) {
            return GREY;
        }
        if (components == 4) {
            return adobeTransform == 2 ? YCCK : CMYK;
        }
        if (jfif) {
            return YCC;
        }
        if (adobeTransform >= 0) {
            return adobeTransform == 0 ? RGB : YCC;
        }
        boolean named = frame.components().get(0).id() == 'R' && frame.components().get(1).id() == 'G'
                && frame.components().get(2).id() == 'B';
        return named ? RGB : YCC;
    }
}
