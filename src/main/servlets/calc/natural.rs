//! Natural numbers of any size, in limbs of nine decimal digits: what is entered and shown is
//! decimal, and so is every shift here.

use std::cmp::Ordering;

const BASE: u64 = 1_000_000_000;
const LIMB: usize = 9;

/// How many steps on limbs a calculation may take; some seconds where modules are interpreted.
const WORK: u64 = 6_000_000;

/// Least significant limb first, without leading zeros; zero has no limbs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Natural(Vec<u32>);

/// What is left of the work that one calculation may cost.
pub struct Work(u64);

impl Work {
    pub fn new() -> Work {
        Work(WORK)
    }

    fn spend(&mut self, steps: usize) -> Result<(), String> {
        self.0 = self
            .0
            .checked_sub(steps as u64 + 1)
            .ok_or("The calculation takes too long; use smaller numbers or fewer operations.")?;
        Ok(())
    }
}

fn power_of_ten(digits: usize) -> u64 {
    10u64.pow(digits as u32)
}

impl Natural {
    pub const ZERO: Natural = Natural(Vec::new());

    pub fn from(value: u64) -> Natural {
        let mut limbs = Vec::new();
        let mut rest = value;
        while rest > 0 {
            limbs.push((rest % BASE) as u32);
            rest /= BASE;
        }
        Natural(limbs)
    }

    pub fn one() -> Natural {
        Natural(vec![1])
    }

    fn trimmed(mut limbs: Vec<u32>) -> Natural {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Natural(limbs)
    }

    /// Reads decimal digits and nothing else.
    pub fn parse(digits: &[u8]) -> Natural {
        let limb = |chunk: &[u8]| chunk.iter().fold(0, |sum, digit| sum * 10 + (digit - b'0') as u32);
        Natural::trimmed(digits.rchunks(LIMB).map(limb).collect())
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_one(&self) -> bool {
        self.0 == [1]
    }

    pub fn is_odd(&self) -> bool {
        self.0.first().is_some_and(|limb| limb % 2 == 1)
    }

    pub fn to_u64(&self) -> Option<u64> {
        self.0.iter().rev().try_fold(0u64, |sum, &limb| sum.checked_mul(BASE)?.checked_add(limb as u64))
    }

    /// How many decimal digits it has; zero has none.
    pub fn digits(&self) -> usize {
        match self.0.last() {
            None => 0,
            Some(top) => (self.0.len() - 1) * LIMB + top.ilog10() as usize + 1,
        }
    }

    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.0.len() * LIMB + 1);
        match self.0.last() {
            None => out.push('0'),
            Some(top) => out.push_str(&top.to_string()),
        }
        for limb in self.0.iter().rev().skip(1) {
            out.push_str(&format!("{limb:09}"));
        }
        out
    }

    pub fn compare(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// How many zeros end it; zero counts as having none.
    pub fn trailing_zeros(&self) -> usize {
        let Some(at) = self.0.iter().position(|&limb| limb != 0) else { return 0 };
        let mut limb = self.0[at];
        let mut zeros = at * LIMB;
        while limb % 10 == 0 {
            limb /= 10;
            zeros += 1;
        }
        zeros
    }

    pub fn add(&self, other: &Natural) -> Natural {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut limbs = Vec::with_capacity(long.0.len() + 1);
        let mut carry = 0;
        for (at, &limb) in long.0.iter().enumerate() {
            let sum = limb + short.0.get(at).copied().unwrap_or(0) + carry;
            if sum >= BASE as u32 {
                limbs.push(sum - BASE as u32);
                carry = 1;
            } else {
                limbs.push(sum);
                carry = 0;
            }
        }
        if carry > 0 {
            limbs.push(carry);
        }
        Natural(limbs)
    }

    /// The other must not be larger.
    pub fn subtract(&self, other: &Natural) -> Natural {
        let mut limbs = Vec::with_capacity(self.0.len());
        let mut borrow = 0;
        for (at, &limb) in self.0.iter().enumerate() {
            let minus = other.0.get(at).copied().unwrap_or(0) + borrow;
            if limb < minus {
                limbs.push(limb + BASE as u32 - minus);
                borrow = 1;
            } else {
                limbs.push(limb - minus);
                borrow = 0;
            }
        }
        Natural::trimmed(limbs)
    }

    pub fn multiply(&self, other: &Natural, work: &mut Work) -> Result<Natural, String> {
        if self.is_zero() || other.is_zero() {
            return Ok(Natural::ZERO);
        }
        work.spend(self.0.len() * other.0.len())?;
        let mut limbs = vec![0u32; self.0.len() + other.0.len()];
        for (at, &left) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (to, &right) in other.0.iter().enumerate() {
                let sum = left as u64 * right as u64 + limbs[at + to] as u64 + carry;
                limbs[at + to] = (sum % BASE) as u32;
                carry = sum / BASE;
            }
            limbs[at + other.0.len()] = carry as u32;
        }
        Ok(Natural::trimmed(limbs))
    }

    fn multiply_small(&self, factor: u64) -> Natural {
        let mut limbs = Vec::with_capacity(self.0.len() + 1);
        let mut carry = 0;
        for &limb in &self.0 {
            let sum = limb as u64 * factor + carry;
            limbs.push((sum % BASE) as u32);
            carry = sum / BASE;
        }
        limbs.push(carry as u32);
        Natural::trimmed(limbs)
    }

    /// The divisor is from 1 to below the base.
    fn divide_small(&self, divisor: u64) -> (Natural, u64) {
        let mut limbs = vec![0; self.0.len()];
        let mut rest = 0;
        for (at, &limb) in self.0.iter().enumerate().rev() {
            let part = rest * BASE + limb as u64;
            limbs[at] = (part / divisor) as u32;
            rest = part % divisor;
        }
        (Natural::trimmed(limbs), rest)
    }

    pub fn shift_up(&self, digits: usize) -> Natural {
        if self.is_zero() || digits == 0 {
            return self.clone();
        }
        let mut limbs = vec![0; digits / LIMB];
        limbs.extend_from_slice(&self.multiply_small(power_of_ten(digits % LIMB)).0);
        Natural(limbs)
    }

    /// The quotient by a power of ten, and the rest.
    pub fn shift_down(&self, digits: usize) -> (Natural, Natural) {
        let whole = digits / LIMB;
        if whole >= self.0.len() {
            return (Natural::ZERO, self.clone());
        }
        let (quotient, rest) =
            Natural(self.0[whole..].to_vec()).divide_small(power_of_ten(digits % LIMB));
        let mut limbs = self.0[..whole].to_vec();
        limbs.push(rest as u32);
        (quotient, Natural::trimmed(limbs))
    }

    /// The quotient and the rest, by Knuth's algorithm D; the divisor is not zero.
    pub fn divide(&self, divisor: &Natural, work: &mut Work) -> Result<(Natural, Natural), String> {
        if self.compare(divisor) == Ordering::Less {
            return Ok((Natural::ZERO, self.clone()));
        }
        let size = divisor.0.len();
        work.spend((self.0.len() - size + 1) * size)?;
        if size == 1 {
            let (quotient, rest) = self.divide_small(divisor.0[0] as u64);
            return Ok((quotient, Natural::from(rest)));
        }
        // The guesses below are only near the truth for a divisor whose first limb is large.
        let normal = BASE / (divisor.0[size - 1] as u64 + 1);
        let by = divisor.multiply_small(normal).0;
        let mut rest = self.multiply_small(normal).0;
        rest.resize(self.0.len() + 1, 0);
        let (first, second) = (by[size - 1] as u64, by[size - 2] as u64);
        let mut limbs = vec![0u32; rest.len() - size];
        for at in (0..limbs.len()).rev() {
            let top = rest[at + size] as u64 * BASE + rest[at + size - 1] as u64;
            let mut guess = top / first;
            let mut left = top % first;
            while guess >= BASE || guess * second > left * BASE + rest[at + size - 2] as u64 {
                guess -= 1;
                left += first;
                if left >= BASE {
                    break;
                }
            }
            let mut borrow = 0i64;
            let mut carry = 0;
            for to in 0..size {
                let product = guess * by[to] as u64 + carry;
                carry = product / BASE;
                let mut limb = rest[at + to] as i64 - (product % BASE) as i64 - borrow;
                borrow = 0;
                if limb < 0 {
                    limb += BASE as i64;
                    borrow = 1;
                }
                rest[at + to] = limb as u32;
            }
            let top = rest[at + size] as i64 - carry as i64 - borrow;
            if top < 0 {
                guess -= 1;
                let mut carry = 0;
                for to in 0..size {
                    let sum = rest[at + to] + by[to] + carry;
                    if sum >= BASE as u32 {
                        rest[at + to] = sum - BASE as u32;
                        carry = 1;
                    } else {
                        rest[at + to] = sum;
                        carry = 0;
                    }
                }
            }
            rest[at + size] = 0;
            limbs[at] = guess as u32;
        }
        let (rest, _) = Natural::trimmed(rest).divide_small(normal);
        Ok((Natural::trimmed(limbs), rest))
    }

    pub fn power(&self, exponent: u64, work: &mut Work) -> Result<Natural, String> {
        let mut result = Natural::one();
        let mut bit = 64 - exponent.leading_zeros();
        while bit > 0 {
            bit -= 1;
            result = result.multiply(&result, work)?;
            if exponent >> bit & 1 == 1 {
                result = result.multiply(self, work)?;
            }
        }
        Ok(result)
    }

    pub fn common_divisor(&self, other: &Natural, work: &mut Work) -> Result<Natural, String> {
        let (mut left, mut right) = (self.clone(), other.clone());
        while !right.is_zero() {
            let (_, rest) = left.divide(&right, work)?;
            left = std::mem::replace(&mut right, rest);
        }
        Ok(left)
    }

    /// How often the small number divides it, and what is left then; it is not zero.
    pub fn strip(&self, factor: u64, work: &mut Work) -> Result<(usize, Natural), String> {
        let mut count = 0;
        let mut left = self.clone();
        // Many at a time first, for each division passes over the whole number.
        for step in [8, 1] {
            let divisor = factor.pow(step);
            loop {
                work.spend(left.0.len())?;
                let (quotient, rest) = left.divide_small(divisor);
                if rest != 0 {
                    break;
                }
                left = quotient;
                count += step as usize;
            }
        }
        Ok((count, left))
    }

    /// The root rounded down, by Newton's method from above.
    pub fn root(&self, work: &mut Work) -> Result<Natural, String> {
        if self.is_zero() {
            return Ok(Natural::ZERO);
        }
        // The root of the first digits is right to about half of them, so that the full length is
        // only worked on at the end.
        let digits = self.digits();
        let mut guess = if digits <= 16 {
            Natural::from((self.to_u64().unwrap_or(0) as f64).sqrt() as u64 + 2)
        } else {
            let cut = digits / 4 * 2;
            let (head, _) = self.shift_down(cut);
            head.root(work)?.add(&Natural::one()).shift_up(cut / 2)
        };
        loop {
            let (quotient, _) = self.divide(&guess, work)?;
            let (next, _) = guess.add(&quotient).divide_small(2);
            if next.compare(&guess) != Ordering::Less {
                return Ok(guess);
            }
            guess = next;
        }
    }
}
