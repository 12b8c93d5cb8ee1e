//! How values compare: numbers by their exact value, however they are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::json::Value;

/// Sign, digits without zeros at either end, and the power of ten of the point before them.
fn parts(literal: &str) -> (bool, Vec<u8>, i64) {
    let (negative, rest) = match literal.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, literal),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let small = exponent.starts_with('-');
    let mut power = exponent
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0i64, |sum, digit| sum.saturating_mul(10).saturating_add((digit - b'0') as i64).min(1 << 60));
    if small {
        power = -power;
    }
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let first = digits.iter().position(|&digit| digit != b'0').unwrap_or(digits.len());
    let last = digits.iter().rposition(|&digit| digit != b'0').map_or(first, |at| at + 1);
    if first == last {
        return (false, Vec::new(), 0);
    }
    (negative, digits[first..last].to_vec(), power + whole.len() as i64 - first as i64)
}

pub fn numbers(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let (left, right) = (parts(left), parts(right));
    let sign = |part: &(bool, Vec<u8>, i64)| match (part.0, part.1.is_empty()) {
        (_, true) => 0,
        (true, _) => -1,
        _ => 1,
    };
    let size = left.2.cmp(&right.2).then_with(|| left.1.cmp(&right.1));
    sign(&left).cmp(&sign(&right)).then(match sign(&left) {
        0 => Ordering::Equal,
        1 => size,
        _ => size.reverse(),
    })
}

pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => numbers(left, right) == Ordering::Equal,
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let map = |members: &'_ [(String, Value)]| -> BTreeMap<String, usize> {
                members.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect()
            };
            let (names, others) = (map(left), map(right));
            names.len() == others.len()
                && names.iter().all(|(name, &at)| {
                    others.get(name).is_some_and(|&other| equal(&left[at].1, &right[other].1))
                })
        }
        _ => left == right,
    }
}

/// Nothing for values that have no order.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(numbers(left, right)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
