//! The SIMD instructions of WebAssembly on 64 bits, half of a vector. The host has no vectors: it
//! replaces each instruction by calls of these functions and copies those that a module needs into
//! it, so none may call another, or use memory.

/// A function of one half, lane by lane.
macro_rules! unary {
    ($name:ident, $lane:ty, $bits:ty, |$a:ident| $result:expr) => {
        #[no_mangle]
        pub extern "C" fn $name(a: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 64 {
                let $a = (a >> at) as $bits as $lane;
                let one: $lane = $result;
                all |= (one as $bits as u64) << at;
                at += <$bits>::BITS;
            }
            all
        }
    };
}

/// A function of two halves, lane by lane; the result is a number or a truth value.
macro_rules! binary {
    ($name:ident, $lane:ty, $bits:ty, |$a:ident, $b:ident| $result:expr) => {
        #[no_mangle]
        pub extern "C" fn $name(a: u64, b: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 64 {
                let $a = (a >> at) as $bits as $lane;
                let $b = (b >> at) as $bits as $lane;
                let one: $lane = $result;
                all |= (one as $bits as u64) << at;
                at += <$bits>::BITS;
            }
            all
        }
    };
}

macro_rules! compare {
    ($name:ident, $lane:ty, $bits:ty, |$a:ident, $b:ident| $result:expr) => {
        binary!($name, $lane, $bits, |$a, $b| ((0 as $bits).wrapping_sub(($result) as $bits)) as $lane);
    };
}

macro_rules! comparisons {
    ($signed:ty, $unsigned:ty, $eq:ident, $ne:ident, $lt_s:ident, $lt_u:ident, $gt_s:ident,
     $gt_u:ident, $le_s:ident, $le_u:ident, $ge_s:ident, $ge_u:ident) => {
        compare!($eq, $unsigned, $unsigned, |a, b| a == b);
        compare!($ne, $unsigned, $unsigned, |a, b| a != b);
        compare!($lt_s, $signed, $unsigned, |a, b| a < b);
        compare!($lt_u, $unsigned, $unsigned, |a, b| a < b);
        compare!($gt_s, $signed, $unsigned, |a, b| a > b);
        compare!($gt_u, $unsigned, $unsigned, |a, b| a > b);
        compare!($le_s, $signed, $unsigned, |a, b| a <= b);
        compare!($le_u, $unsigned, $unsigned, |a, b| a <= b);
        compare!($ge_s, $signed, $unsigned, |a, b| a >= b);
        compare!($ge_u, $unsigned, $unsigned, |a, b| a >= b);
    };
}

comparisons!(i8, u8, i8x16_eq, i8x16_ne, i8x16_lt_s, i8x16_lt_u, i8x16_gt_s, i8x16_gt_u, i8x16_le_s,
    i8x16_le_u, i8x16_ge_s, i8x16_ge_u);
comparisons!(i16, u16, i16x8_eq, i16x8_ne, i16x8_lt_s, i16x8_lt_u, i16x8_gt_s, i16x8_gt_u,
    i16x8_le_s, i16x8_le_u, i16x8_ge_s, i16x8_ge_u);
comparisons!(i32, u32, i32x4_eq, i32x4_ne, i32x4_lt_s, i32x4_lt_u, i32x4_gt_s, i32x4_gt_u,
    i32x4_le_s, i32x4_le_u, i32x4_ge_s, i32x4_ge_u);
compare!(i64x2_eq, i64, u64, |a, b| a == b);
compare!(i64x2_ne, i64, u64, |a, b| a != b);
compare!(i64x2_lt_s, i64, u64, |a, b| a < b);
compare!(i64x2_gt_s, i64, u64, |a, b| a > b);
compare!(i64x2_le_s, i64, u64, |a, b| a <= b);
compare!(i64x2_ge_s, i64, u64, |a, b| a >= b);

/// What all integer lanes have.
macro_rules! integers {
    ($signed:ty, $unsigned:ty, $abs:ident, $neg:ident, $add:ident, $sub:ident, $all_true:ident,
     $bitmask:ident, $shl:ident, $shr_s:ident, $shr_u:ident) => {
        unary!($abs, $signed, $unsigned, |a| a.wrapping_abs());
        unary!($neg, $signed, $unsigned, |a| a.wrapping_neg());
        binary!($add, $unsigned, $unsigned, |a, b| a.wrapping_add(b));
        binary!($sub, $unsigned, $unsigned, |a, b| a.wrapping_sub(b));
        #[no_mangle]
        pub extern "C" fn $all_true(a: u64) -> u32 {
            let mut all = 1;
            let mut at = 0;
            while at < 64 {
                all &= ((a >> at) as $unsigned != 0) as u32;
                at += <$unsigned>::BITS;
            }
            all
        }
        #[no_mangle]
        pub extern "C" fn $bitmask(a: u64) -> u32 {
            let mut mask = 0;
            let mut at = 0;
            while at < 64 {
                mask |= ((a >> (at + <$unsigned>::BITS - 1)) as u32 & 1) << (at / <$unsigned>::BITS);
                at += <$unsigned>::BITS;
            }
            mask
        }
        shift!($shl, $unsigned, $unsigned, |a, by| a.wrapping_shl(by));
        shift!($shr_s, $signed, $unsigned, |a, by| a.wrapping_shr(by));
        shift!($shr_u, $unsigned, $unsigned, |a, by| a.wrapping_shr(by));
    };
}

macro_rules! shift {
    ($name:ident, $lane:ty, $bits:ty, |$a:ident, $by:ident| $result:expr) => {
        #[no_mangle]
        pub extern "C" fn $name(a: u64, by: u32) -> u64 {
            let $by = by;
            let mut all = 0;
            let mut at = 0;
            while at < 64 {
                let $a = (a >> at) as $bits as $lane;
                let one: $lane = $result;
                all |= (one as $bits as u64) << at;
                at += <$bits>::BITS;
            }
            all
        }
    };
}

integers!(i8, u8, i8x16_abs, i8x16_neg, i8x16_add, i8x16_sub, i8x16_all_true, i8x16_bitmask,
    i8x16_shl, i8x16_shr_s, i8x16_shr_u);
integers!(i16, u16, i16x8_abs, i16x8_neg, i16x8_add, i16x8_sub, i16x8_all_true, i16x8_bitmask,
    i16x8_shl, i16x8_shr_s, i16x8_shr_u);
integers!(i32, u32, i32x4_abs, i32x4_neg, i32x4_add, i32x4_sub, i32x4_all_true, i32x4_bitmask,
    i32x4_shl, i32x4_shr_s, i32x4_shr_u);
integers!(i64, u64, i64x2_abs, i64x2_neg, i64x2_add, i64x2_sub, i64x2_all_true, i64x2_bitmask,
    i64x2_shl, i64x2_shr_s, i64x2_shr_u);

macro_rules! extremes {
    ($signed:ty, $unsigned:ty, $min_s:ident, $min_u:ident, $max_s:ident, $max_u:ident) => {
        binary!($min_s, $signed, $unsigned, |a, b| if a < b { a } else { b });
        binary!($min_u, $unsigned, $unsigned, |a, b| if a < b { a } else { b });
        binary!($max_s, $signed, $unsigned, |a, b| if a > b { a } else { b });
        binary!($max_u, $unsigned, $unsigned, |a, b| if a > b { a } else { b });
    };
}

extremes!(i8, u8, i8x16_min_s, i8x16_min_u, i8x16_max_s, i8x16_max_u);
extremes!(i16, u16, i16x8_min_s, i16x8_min_u, i16x8_max_s, i16x8_max_u);
extremes!(i32, u32, i32x4_min_s, i32x4_min_u, i32x4_max_s, i32x4_max_u);

macro_rules! saturating {
    ($signed:ty, $unsigned:ty, $add_s:ident, $add_u:ident, $sub_s:ident, $sub_u:ident,
     $avgr_u:ident) => {
        binary!($add_s, $signed, $unsigned, |a, b| a.saturating_add(b));
        binary!($add_u, $unsigned, $unsigned, |a, b| a.saturating_add(b));
        binary!($sub_s, $signed, $unsigned, |a, b| a.saturating_sub(b));
        binary!($sub_u, $unsigned, $unsigned, |a, b| a.saturating_sub(b));
        binary!($avgr_u, $unsigned, $unsigned, |a, b| ((a as u32 + b as u32 + 1) / 2) as $unsigned);
    };
}

saturating!(i8, u8, i8x16_add_sat_s, i8x16_add_sat_u, i8x16_sub_sat_s, i8x16_sub_sat_u, i8x16_avgr_u);
saturating!(i16, u16, i16x8_add_sat_s, i16x8_add_sat_u, i16x8_sub_sat_s, i16x8_sub_sat_u,
    i16x8_avgr_u);

binary!(i16x8_mul, u16, u16, |a, b| a.wrapping_mul(b));
binary!(i32x4_mul, u32, u32, |a, b| a.wrapping_mul(b));
binary!(i64x2_mul, u64, u64, |a, b| a.wrapping_mul(b));
unary!(i8x16_popcnt, u8, u8, |a| a.count_ones() as u8);
binary!(i16x8_q15mulr_sat_s, i16, u16, |a, b| {
    let product = (a as i32 * b as i32 + 0x4000) >> 15;
    if product > 0x7FFF { 0x7FFF } else { product as i16 }
});

#[no_mangle]
pub extern "C" fn i32x4_dot_i16x8_s(a: u64, b: u64) -> u64 {
    let mut all = 0;
    let mut at = 0;
    while at < 64 {
        let low = (a >> at) as i16 as i32 * (b >> at) as i16 as i32;
        let high = (a >> (at + 16)) as i16 as i32 * (b >> (at + 16)) as i16 as i32;
        all |= (low.wrapping_add(high) as u32 as u64) << at;
        at += 32;
    }
    all
}

/// Sums of neighbours, in lanes of twice the width.
macro_rules! pairwise {
    ($name:ident, $narrow:ty, $wide:ty, $bits:ty) => {
        #[no_mangle]
        pub extern "C" fn $name(a: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 64 {
                let low = (a >> at) as $narrow as $wide;
                let high = (a >> (at + <$narrow>::BITS)) as $narrow as $wide;
                all |= ((low + high) as $bits as u64) << at;
                at += <$wide>::BITS;
            }
            all
        }
    };
}

pairwise!(i16x8_extadd_pairwise_i8x16_s, i8, i16, u16);
pairwise!(i16x8_extadd_pairwise_i8x16_u, u8, u16, u16);
pairwise!(i32x4_extadd_pairwise_i16x8_s, i16, i32, u32);
pairwise!(i32x4_extadd_pairwise_i16x8_u, u16, u32, u32);

/// The lower four bytes of a half, in lanes of twice the width; and products of such.
macro_rules! extend {
    ($extend:ident, $extmul:ident, $narrow:ty, $wide:ty, $bits:ty) => {
        #[no_mangle]
        pub extern "C" fn $extend(a: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 32 {
                all |= ((a >> at) as $narrow as $wide as $bits as u64) << (2 * at);
                at += <$narrow>::BITS;
            }
            all
        }
        #[no_mangle]
        pub extern "C" fn $extmul(a: u64, b: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 32 {
                let product = ((a >> at) as $narrow as $wide) * ((b >> at) as $narrow as $wide);
                all |= (product as $bits as u64) << (2 * at);
                at += <$narrow>::BITS;
            }
            all
        }
    };
}

extend!(i16x8_extend_low_i8x16_s, i16x8_extmul_low_i8x16_s, i8, i16, u16);
extend!(i16x8_extend_low_i8x16_u, i16x8_extmul_low_i8x16_u, u8, u16, u16);
extend!(i32x4_extend_low_i16x8_s, i32x4_extmul_low_i16x8_s, i16, i32, u32);
extend!(i32x4_extend_low_i16x8_u, i32x4_extmul_low_i16x8_u, u16, u32, u32);
extend!(i64x2_extend_low_i32x4_s, i64x2_extmul_low_i32x4_s, i32, i64, u64);
extend!(i64x2_extend_low_i32x4_u, i64x2_extmul_low_i32x4_u, u32, u64, u64);

/// Both halves of a vector, in lanes of half the width.
macro_rules! narrow {
    ($name:ident, $wide:ty, $narrow:ty, $bits:ty) => {
        #[no_mangle]
        pub extern "C" fn $name(low: u64, high: u64) -> u64 {
            let mut all = 0;
            let mut at = 0;
            while at < 64 {
                let (half, from) = if at < 32 { (low, 2 * at) } else { (high, 2 * at - 64) };
                let lane = (half >> from) as $wide;
                let (least, most) = (<$narrow>::MIN as $wide, <$narrow>::MAX as $wide);
                let kept = if lane < least { least } else if lane > most { most } else { lane };
                all |= (kept as $narrow as $bits as u64) << at;
                at += <$narrow>::BITS;
            }
            all
        }
    };
}

narrow!(i8x16_narrow_i16x8_s, i16, i8, u8);
narrow!(i8x16_narrow_i16x8_u, i16, u8, u8);
narrow!(i16x8_narrow_i32x4_s, i32, i16, u16);
narrow!(i16x8_narrow_i32x4_u, i32, u16, u16);

/// The bytes of a vector that a half of another one selects.
#[no_mangle]
pub extern "C" fn i8x16_swizzle(low: u64, high: u64, selected: u64) -> u64 {
    let mut all = 0;
    let mut at = 0;
    while at < 64 {
        let index = (selected >> at) as u8;
        let half = if index < 8 { low } else { high };
        if index < 16 {
            all |= (half >> (index & 7) * 8 & 0xFF) << at;
        }
        at += 8;
    }
    all
}

#[no_mangle]
pub extern "C" fn v128_bitselect(a: u64, b: u64, mask: u64) -> u64 {
    a & mask | b & !mask
}

/// The least of two numbers, of which a NaN is one, and -0 is less than 0.
macro_rules! float_extremes {
    ($float:ty, $bits:ty, $min:ident, $max:ident, $pmin:ident, $pmax:ident) => {
        float_binary!($min, $float, $bits, |a, b| if a != a || b != b {
            a + b
        } else if a == b {
            <$float>::from_bits(a.to_bits() | b.to_bits())
        } else if a < b {
            a
        } else {
            b
        });
        float_binary!($max, $float, $bits, |a, b| if a != a || b != b {
            a + b
        } else if a == b {
            <$float>::from_bits(a.to_bits() & b.to_bits())
        } else if a > b {
            a
        } else {
            b
        });
        binary!($pmin, $bits, $bits, |a, b| if <$float>::from_bits(b) < <$float>::from_bits(a) { b } else { a });
        binary!($pmax, $bits, $bits, |a, b| if <$float>::from_bits(a) < <$float>::from_bits(b) { b } else { a });
    };
}

macro_rules! float_unary {
    ($name:ident, $float:ty, $bits:ty, |$a:ident| $result:expr) => {
        unary!($name, $bits, $bits, |bits| {
            let $a = <$float>::from_bits(bits);
            let one: $float = $result;
            one.to_bits()
        });
    };
}

macro_rules! float_binary {
    ($name:ident, $float:ty, $bits:ty, |$a:ident, $b:ident| $result:expr) => {
        binary!($name, $bits, $bits, |left, right| {
            let $a = <$float>::from_bits(left);
            let $b = <$float>::from_bits(right);
            let one: $float = $result;
            one.to_bits()
        });
    };
}

macro_rules! float_compare {
    ($name:ident, $float:ty, $bits:ty, |$a:ident, $b:ident| $result:expr) => {
        compare!($name, $bits, $bits, |left, right| {
            let $a = <$float>::from_bits(left);
            let $b = <$float>::from_bits(right);
            $result
        });
    };
}

macro_rules! floats {
    ($float:ty, $bits:ty, $eq:ident, $ne:ident, $lt:ident, $gt:ident, $le:ident, $ge:ident,
     $ceil:ident, $floor:ident, $trunc:ident, $nearest:ident, $abs:ident, $neg:ident, $sqrt:ident,
     $add:ident, $sub:ident, $mul:ident, $div:ident) => {
        float_compare!($eq, $float, $bits, |a, b| a == b);
        float_compare!($ne, $float, $bits, |a, b| a != b);
        float_compare!($lt, $float, $bits, |a, b| a < b);
        float_compare!($gt, $float, $bits, |a, b| a > b);
        float_compare!($le, $float, $bits, |a, b| a <= b);
        float_compare!($ge, $float, $bits, |a, b| a >= b);
        float_unary!($ceil, $float, $bits, |a| a.ceil());
        float_unary!($floor, $float, $bits, |a| a.floor());
        float_unary!($trunc, $float, $bits, |a| a.trunc());
        float_unary!($nearest, $float, $bits, |a| a.round_ties_even());
        unary!($abs, $bits, $bits, |a| a & (<$bits>::MAX >> 1));
        unary!($neg, $bits, $bits, |a| a ^ !(<$bits>::MAX >> 1));
        float_unary!($sqrt, $float, $bits, |a| a.sqrt());
        float_binary!($add, $float, $bits, |a, b| a + b);
        float_binary!($sub, $float, $bits, |a, b| a - b);
        float_binary!($mul, $float, $bits, |a, b| a * b);
        float_binary!($div, $float, $bits, |a, b| a / b);
    };
}

floats!(f32, u32, f32x4_eq, f32x4_ne, f32x4_lt, f32x4_gt, f32x4_le, f32x4_ge, f32x4_ceil,
    f32x4_floor, f32x4_trunc, f32x4_nearest, f32x4_abs, f32x4_neg, f32x4_sqrt, f32x4_add, f32x4_sub,
    f32x4_mul, f32x4_div);
floats!(f64, u64, f64x2_eq, f64x2_ne, f64x2_lt, f64x2_gt, f64x2_le, f64x2_ge, f64x2_ceil,
    f64x2_floor, f64x2_trunc, f64x2_nearest, f64x2_abs, f64x2_neg, f64x2_sqrt, f64x2_add, f64x2_sub,
    f64x2_mul, f64x2_div);
float_extremes!(f32, u32, f32x4_min, f32x4_max, f32x4_pmin, f32x4_pmax);
float_extremes!(f64, u64, f64x2_min, f64x2_max, f64x2_pmin, f64x2_pmax);

unary!(i32x4_trunc_sat_f32x4_s, u32, u32, |a| f32::from_bits(a) as i32 as u32);
unary!(i32x4_trunc_sat_f32x4_u, u32, u32, |a| f32::from_bits(a) as u32);
unary!(f32x4_convert_i32x4_s, u32, u32, |a| (a as i32 as f32).to_bits());
unary!(f32x4_convert_i32x4_u, u32, u32, |a| (a as f32).to_bits());

macro_rules! from_doubles {
    ($name:ident, |$a:ident| $result:expr) => {
        #[no_mangle]
        pub extern "C" fn $name(low: u64, high: u64) -> u64 {
            let $a = f64::from_bits(low);
            let first: u32 = $result;
            let $a = f64::from_bits(high);
            let second: u32 = $result;
            first as u64 | (second as u64) << 32
        }
    };
}

from_doubles!(i32x4_trunc_sat_f64x2_s_zero, |a| a as i32 as u32);
from_doubles!(i32x4_trunc_sat_f64x2_u_zero, |a| a as u32);
from_doubles!(f32x4_demote_low_f64x2_zero, |a| (a as f32).to_bits());

#[no_mangle]
pub extern "C" fn f64x2_convert_low_i32x4_s(a: u64) -> u64 {
    (a as i32 as f64).to_bits()
}

#[no_mangle]
pub extern "C" fn f64x2_convert_low_i32x4_u(a: u64) -> u64 {
    (a as u32 as f64).to_bits()
}

#[no_mangle]
pub extern "C" fn f64x2_promote_low_f32x4(a: u64) -> u64 {
    (f32::from_bits(a as u32) as f64).to_bits()
}
