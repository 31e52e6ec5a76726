package io.fluxrig.signal;

/** Which of the three IEEE 754 widths keeps a number. */
final class CborFloat {
    private CborFloat() {}

    static boolean isSingle(double value) {
        return value != value || Double.doubleToRawLongBits((float) value) == Double.doubleToRawLongBits(value);
    }

    static boolean isHalf(double value) {
        if (value != value) {
            return true;
        }
        if (!isSingle(value)) {
            return false;
        }
        float single = (float) value;
        return Float.floatToRawIntBits(Float.float16ToFloat(Float.floatToFloat16(single)))
                == Float.floatToRawIntBits(single);
    }
}
