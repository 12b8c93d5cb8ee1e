//! Exact numbers: a decimal over a denominator, so that a division which doesn't end loses nothing
//! before its result is shown.

use std::cmp::Ordering;

use crate::natural::{Natural, Work};

/// How many digits a number may have before or after its point.
pub const MAX_DIGITS: usize = 10_000;

/// What is kept of a root that doesn't end, beyond the digits that are shown.
const GUARD: usize = 16;

/// The sign, times numerator / 10^scale / denominator. The denominator has no factor 2 or 5 and
/// none in common with the numerator; the scale is the least that does.
#[derive(Debug, Clone)]
pub struct Number {
    negative: bool,
    numerator: Natural,
    scale: usize,
    denominator: Natural,
    /// Whether a root that doesn't end was cut in it.
    cut: bool,
}

fn too_long() -> String {
    format!("A number here would have more than {MAX_DIGITS} digits")
}

impl Number {
    fn decimal(negative: bool, numerator: Natural, scale: usize) -> Result<Number, String> {
        Number { negative, numerator, scale, denominator: Natural::one(), cut: false }.checked()
    }

    fn checked(mut self) -> Result<Number, String> {
        if self.numerator.is_zero() {
            self.negative = false;
            self.scale = 0;
            self.denominator = Natural::one();
        } else if self.scale > 0 {
            let spare = self.numerator.trailing_zeros().min(self.scale);
            if spare > 0 {
                self.numerator = self.numerator.shift_down(spare).0;
                self.scale -= spare;
            }
        }
        let long = [self.numerator.digits(), self.denominator.digits(), self.scale];
        if long.iter().any(|&digits| digits > MAX_DIGITS) {
            return Err(too_long());
        }
        Ok(self)
    }

    pub fn integer(value: i64) -> Number {
        Number {
            negative: value < 0,
            numerator: Natural::from(value.unsigned_abs()),
            scale: 0,
            denominator: Natural::one(),
            cut: false,
        }
    }

    /// The digits before and after the point, and the power of ten that follows them.
    pub fn read(whole: &[u8], fraction: &[u8], exponent: i64) -> Result<Number, String> {
        let numerator = Natural::parse(&[whole, fraction].concat());
        if numerator.is_zero() {
            return Ok(Number::integer(0));
        }
        let scale = fraction.len() as i64 - exponent;
        if scale.unsigned_abs() > 2 * MAX_DIGITS as u64 {
            return Err(too_long());
        }
        match scale < 0 {
            true => Number::decimal(false, numerator.shift_up(scale.unsigned_abs() as usize), 0),
            false => Number::decimal(false, numerator, scale as usize),
        }
    }

    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    fn is_integer(&self) -> bool {
        self.scale == 0 && self.denominator.is_one()
    }

    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        let size = i64::try_from(self.numerator.to_u64()?).ok()?;
        Some(if self.negative { -size } else { size })
    }

    /// How many zeros follow the point before the first digit, or one more.
    fn leading_zeros(&self) -> usize {
        let below = if self.denominator.is_one() { 0 } else { self.denominator.digits() };
        (self.scale + below).saturating_sub(self.numerator.digits())
    }

    pub fn negate(mut self) -> Number {
        self.negative = !self.negative && !self.is_zero();
        self
    }

    pub fn abs(mut self) -> Number {
        self.negative = false;
        self
    }

    pub fn add(&self, other: &Number, work: &mut Work) -> Result<Number, String> {
        let scale = self.scale.max(other.scale);
        let mut left = self.numerator.shift_up(scale - self.scale);
        let mut right = other.numerator.shift_up(scale - other.scale);
        let mut denominator = self.denominator.clone();
        if self.denominator != other.denominator {
            left = left.multiply(&other.denominator, work)?;
            right = right.multiply(&self.denominator, work)?;
            denominator = denominator.multiply(&other.denominator, work)?;
        }
        let (negative, numerator) = match (self.negative == other.negative, left.compare(&right)) {
            (true, _) => (self.negative, left.add(&right)),
            (false, Ordering::Less) => (other.negative, right.subtract(&left)),
            (false, _) => (self.negative, left.subtract(&right)),
        };
        let cut = self.cut || other.cut;
        Number { negative, numerator, scale, denominator, cut }.reduced(work)
    }

    pub fn subtract(&self, other: &Number, work: &mut Work) -> Result<Number, String> {
        self.add(&other.clone().negate(), work)
    }

    pub fn multiply(&self, other: &Number, work: &mut Work) -> Result<Number, String> {
        Number {
            negative: self.negative != other.negative,
            numerator: self.numerator.multiply(&other.numerator, work)?,
            scale: self.scale + other.scale,
            denominator: self.denominator.multiply(&other.denominator, work)?,
            cut: self.cut || other.cut,
        }
        .reduced(work)
    }

    pub fn divide(&self, other: &Number, work: &mut Work) -> Result<Number, String> {
        if other.is_zero() {
            return Err("Division by zero".to_string());
        }
        let numerator = self.numerator.multiply(&other.denominator, work)?;
        let denominator = self.denominator.multiply(&other.numerator, work)?;
        // The scale of the divisor multiplies, that of the dividend divides.
        let scale = self.scale.saturating_sub(other.scale);
        Number {
            negative: self.negative != other.negative,
            numerator: numerator.shift_up(other.scale.saturating_sub(self.scale)),
            scale,
            denominator,
            cut: self.cut || other.cut,
        }
        .reduced(work)
    }

    fn reduced(mut self, work: &mut Work) -> Result<Number, String> {
        if self.denominator.is_one() || self.numerator.is_zero() {
            return self.checked();
        }
        let common = self.numerator.common_divisor(&self.denominator, work)?;
        if !common.is_one() {
            self.numerator = self.numerator.divide(&common, work)?.0;
            self.denominator = self.denominator.divide(&common, work)?.0;
        }
        let (twos, rest) = self.denominator.strip(2, work)?;
        let (fives, rest) = rest.strip(5, work)?;
        if twos.max(fives) > 2 * MAX_DIGITS {
            return Err(too_long());
        }
        self.denominator = rest;
        let (missing, count) = if twos > fives { (5, twos - fives) } else { (2, fives - twos) };
        let factor = Natural::from(missing).power(count as u64, work)?;
        self.numerator = self.numerator.multiply(&factor, work)?;
        self.scale += twos.max(fives);
        self.checked()
    }

    /// What is left of the quotient rounded towards zero; it has the sign of the dividend.
    pub fn remainder(&self, other: &Number, work: &mut Work) -> Result<Number, String> {
        let mut whole = self.divide(other, work)?;
        let over = whole.denominator.clone();
        whole.numerator = whole.numerator.shift_down(whole.scale).0.divide(&over, work)?.0;
        whole.scale = 0;
        whole.denominator = Natural::one();
        self.subtract(&whole.multiply(other, work)?, work)
    }

    pub fn power(&self, exponent: &Number, work: &mut Work) -> Result<Number, String> {
        if !exponent.is_integer() {
            return Err("The exponent must be an integer; for a square root, use sqrt(x)".to_string());
        }
        if self.is_zero() && exponent.negative {
            return Err("Division by zero: zero to a negative power".to_string());
        }
        let unit = self.is_integer() && self.numerator.is_one();
        if self.is_zero() || unit || exponent.is_zero() {
            let odd = exponent.numerator.is_odd();
            return Ok(match (exponent.is_zero(), self.is_zero()) {
                (true, _) => Number::integer(1),
                (_, true) => Number::integer(0),
                _ if self.negative && odd => Number::integer(-1),
                _ => Number::integer(1),
            });
        }
        // Bounded from below before anything is multiplied.
        let least = (self.numerator.digits().max(self.denominator.digits()).max(2) - 1).max(self.scale);
        let times = exponent.numerator.to_u64().filter(|&n| n <= 4 * MAX_DIGITS as u64).ok_or_else(too_long)?;
        if least as u64 * times > 4 * MAX_DIGITS as u64 + times {
            return Err(too_long());
        }
        let power = Number {
            negative: self.negative && exponent.numerator.is_odd(),
            numerator: self.numerator.power(times, work)?,
            scale: self.scale * times as usize,
            denominator: self.denominator.power(times, work)?,
            cut: self.cut,
        }
        .checked()?;
        if exponent.negative { Number::integer(1).divide(&power, work) } else { Ok(power) }
    }

    /// The root, exact where it ends; else to the given digits after the point and some more.
    pub fn root(&self, digits: usize, work: &mut Work) -> Result<Number, String> {
        if self.negative {
            return Err("The square root of a negative number is not a real number".to_string());
        }
        let (above, below) = match self.scale % 2 {
            0 => (self.numerator.clone(), self.denominator.clone()),
            _ => (self.numerator.shift_up(1), self.denominator.clone()),
        };
        let scale = self.scale.div_ceil(2);
        let (top, bottom) = (above.root(work)?, below.root(work)?);
        let exact = top.multiply(&top, work)? == above && bottom.multiply(&bottom, work)? == below;
        if exact {
            return Number { negative: false, numerator: top, scale, denominator: bottom, cut: self.cut }
                .checked();
        }
        let small = self.leading_zeros();
        let keep = digits + GUARD + small / 2;
        let (scaled, _) = self.numerator.shift_up(2 * keep).divide(&self.denominator, work)?;
        let (whole, up) = match self.scale % 2 {
            0 => (scaled, self.scale / 2),
            _ => (scaled.shift_up(1), self.scale.div_ceil(2)),
        };
        let mut root = Number::decimal(false, whole.root(work)?, keep + up)?;
        root.cut = true;
        Ok(root)
    }

    pub fn compare(&self, other: &Number, work: &mut Work) -> Result<Ordering, String> {
        let difference = self.subtract(other, work)?;
        Ok(match (difference.is_zero(), difference.negative) {
            (true, _) => Ordering::Equal,
            (_, true) => Ordering::Less,
            _ => Ordering::Greater,
        })
    }

    /// To so many digits after the point, half to even; fewer than none rounds to tens.
    pub fn round(&self, digits: i64, work: &mut Work) -> Result<Number, String> {
        if self.denominator.is_one() && self.scale as i64 <= digits {
            return Ok(Number { cut: false, ..self.clone() });
        }
        let after = digits.max(0) as usize;
        let before = (-digits.min(0)) as usize;
        let above = self.numerator.shift_up(after);
        let (below, shift) = (self.denominator.clone(), self.scale + before);
        let divisor = below.shift_up(shift);
        let (quotient, rest) = above.divide(&divisor, work)?;
        let up = match rest.add(&rest).compare(&divisor) {
            Ordering::Less => false,
            Ordering::Equal => quotient.is_odd(),
            Ordering::Greater => true,
        };
        let rounded = if up { quotient.add(&Natural::one()) } else { quotient };
        Number::decimal(self.negative, rounded.shift_up(before), after)
    }

    /// The nearest integer not above it.
    pub fn floor(&self, work: &mut Work) -> Result<Number, String> {
        if self.is_integer() {
            return Ok(self.clone());
        }
        let (whole, _) = self.numerator.divide(&self.denominator.shift_up(self.scale), work)?;
        let size = if self.negative { whole.add(&Natural::one()) } else { whole };
        Number::decimal(self.negative, size, 0)
    }

    /// The text, and to how many digits after the point it was rounded, if it was.
    pub fn show(&self, scale: Option<usize>, default: usize, work: &mut Work) -> Result<(String, Option<usize>), String> {
        let ends = self.denominator.is_one() && !self.cut;
        let digits = match scale {
            Some(scale) => scale,
            None if ends => self.scale,
            // A small number shows as many significant digits as a large one.
            None => default + self.leading_zeros(),
        };
        let rounded = self.round(digits as i64, work)?;
        let shortened = !ends || self.scale > digits;
        let all = rounded.numerator.text();
        let padded = format!("{:0>width$}", all, width = rounded.scale + 1);
        let (before, after) = padded.split_at(padded.len() - rounded.scale);
        let mut text = String::from(if rounded.negative { "-" } else { "" });
        text.push_str(before);
        if !after.is_empty() {
            text.push('.');
            text.push_str(after);
        }
        Ok((text, shortened.then_some(digits)))
    }
}
