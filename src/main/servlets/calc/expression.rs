//! Reads an expression and works it out on the way.

use std::cmp::Ordering;

use crate::natural::Work;
use crate::number::{Number, MAX_DIGITS};

const MAX_LENGTH: usize = 10_000;
const MAX_DEPTH: usize = 200;
const FUNCTIONS: &str = "abs, ceil, floor, max, min, round, sqrt and sum";

struct Reader<'a> {
    text: &'a [char],
    at: usize,
    /// To how many digits after the point a root is needed.
    digits: usize,
    work: Work,
}

/// How tightly an operator binds; a sign lies between products and powers.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
const POWER: u8 = 4;

/// The value, and the work that is left for showing it.
pub fn evaluate(text: &str, digits: usize) -> Result<(Number, Work), String> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(format!("The expression has {length} characters; {MAX_LENGTH} are allowed."));
    }
    let text: Vec<char> = text.chars().collect();
    let mut reader = Reader { text: &text, at: 0, digits, work: Work::new() };
    let value = reader.binary(SUM, 0)?;
    if reader.at < text.len() {
        return Err(match reader.peek() {
            ')' => reader.wrong("a ) that no ( belongs to"),
            ',' => reader.wrong("a comma outside of a function; write numbers without separators, as in 1234.5"),
            _ => reader.expected("an operator or the end"),
        });
    }
    Ok((value, reader.work))
}

impl Reader<'_> {
    /// The next character that is not a space, or NUL at the end.
    fn peek(&mut self) -> char {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or('\0')
    }

    fn wrong(&self, what: &str) -> String {
        format!("At character {} of the expression: {what}.", self.at + 1)
    }

    fn expected(&mut self, what: &str) -> String {
        self.peek();
        match self.text.get(self.at) {
            None => self.wrong(&format!("expected {what}, but the expression ends")),
            Some(found) => self.wrong(&format!("expected {what}, found {found:?}")),
        }
    }

    fn failed(at: usize, message: String) -> String {
        format!("At character {} of the expression: {}.", at + 1, message.trim_end_matches('.'))
    }

    /// The operator that comes next, without passing it: itself, its binding and its length.
    fn operator(&mut self) -> Option<(char, u8, usize)> {
        Some(match self.peek() {
            '+' => ('+', SUM, 1),
            '-' | '−' => ('-', SUM, 1),
            '*' if self.text.get(self.at + 1) == Some(&'*') => ('^', POWER, 2),
            '*' | '×' | '·' => ('*', PRODUCT, 1),
            '/' | '÷' => ('/', PRODUCT, 1),
            '%' => ('%', PRODUCT, 1),
            '^' => ('^', POWER, 1),
            _ => return None,
        })
    }

    /// Operators of at least that binding, the tighter ones first.
    fn binary(&mut self, least: u8, depth: usize) -> Result<Number, String> {
        if depth > MAX_DEPTH {
            return Err(self.wrong(&format!("nested more than {MAX_DEPTH} deep")));
        }
        let mut left = self.operand(depth)?;
        while let Some((operator, binding, length)) = self.operator() {
            if binding < least {
                break;
            }
            let at = self.at;
            self.at += length;
            // Powers group from the right, all others from the left.
            let right = self.binary(if operator == '^' { SIGN } else { binding + 1 }, depth + 1)?;
            let work = &mut self.work;
            left = match operator {
                '+' => left.add(&right, work),
                '-' => left.subtract(&right, work),
                '*' => left.multiply(&right, work),
                '/' => left.divide(&right, work),
                '%' => left.remainder(&right, work),
                _ => left.power(&right, work),
            }
            .map_err(|message| Reader::failed(at, message))?;
        }
        Ok(left)
    }

    fn operand(&mut self, depth: usize) -> Result<Number, String> {
        match self.peek() {
            '0'..='9' | '.' => self.number(),
            '-' | '−' => {
                self.at += 1;
                Ok(self.binary(POWER, depth + 1)?.negate())
            }
            '+' => {
                self.at += 1;
                self.binary(POWER, depth + 1)
            }
            '(' => {
                self.at += 1;
                let value = self.binary(SUM, depth + 1)?;
                if self.peek() != ')' {
                    return Err(self.expected("an operator or )"));
                }
                self.at += 1;
                Ok(value)
            }
            c if c.is_alphabetic() || c == '_' => self.function(depth),
            _ => Err(self.expected("a number, a function or (")),
        }
    }

    fn digits(&mut self) -> Vec<u8> {
        let mut digits = Vec::new();
        while let Some(c @ '0'..='9') = self.text.get(self.at) {
            digits.push(*c as u8);
            self.at += 1;
        }
        digits
    }

    fn number(&mut self) -> Result<Number, String> {
        let from = self.at;
        let whole = self.digits();
        let mut fraction = Vec::new();
        if self.text.get(self.at) == Some(&'.') {
            self.at += 1;
            fraction = self.digits();
            if fraction.is_empty() {
                return Err(self.expected("a digit after the point"));
            }
        }
        let mut exponent = 0;
        if let Some('e' | 'E') = self.text.get(self.at) {
            self.at += 1;
            let negative = self.text.get(self.at) == Some(&'-');
            if let Some('-' | '+') = self.text.get(self.at) {
                self.at += 1;
            }
            let digits = self.digits();
            if digits.is_empty() {
                return Err(self.expected("a digit of the exponent"));
            }
            let size = digits.iter().fold(0i64, |sum, digit| (sum * 10 + (digit - b'0') as i64).min(1_000_000));
            exponent = if negative { -size } else { size };
        }
        if let Some('.' | '_' | '\'') = self.text.get(self.at) {
            return Err(self.wrong("a number is written without separators, as in 1234.5"));
        }
        Number::read(&whole, &fraction, exponent).map_err(|message| Reader::failed(from, message))
    }

    fn function(&mut self, depth: usize) -> Result<Number, String> {
        let from = self.at;
        while self.text.get(self.at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            self.at += 1;
        }
        let name: String = self.text[from..self.at].iter().take(40).collect();
        let most = match name.as_str() {
            "abs" | "ceil" | "floor" | "sqrt" => 1,
            "round" => 2,
            "max" | "min" | "sum" => MAX_LENGTH,
            _ => {
                self.at = from;
                return Err(self.wrong(&format!("{name} is not known; there are {FUNCTIONS}")));
            }
        };
        if self.peek() != '(' {
            return Err(self.expected(&format!("( after {name}")));
        }
        self.at += 1;
        let mut values = Vec::new();
        loop {
            values.push(self.binary(SUM, depth + 1)?);
            match self.peek() {
                ')' => break,
                ',' if values.len() < most => self.at += 1,
                ',' => return Err(self.wrong(&format!("{name} takes no more than {most} argument(s)"))),
                _ if values.len() < most => return Err(self.expected("an operator, a comma or )")),
                _ => return Err(self.expected("an operator or )")),
            }
        }
        self.at += 1;
        self.apply(&name, values).map_err(|message| Reader::failed(from, message))
    }

    fn apply(&mut self, name: &str, values: Vec<Number>) -> Result<Number, String> {
        let work = &mut self.work;
        let second = values.get(1).cloned();
        let mut rest = values.into_iter();
        let Some(first) = rest.next() else { return Err(format!("{name} needs an argument")) };
        match name {
            "abs" => Ok(first.abs()),
            "floor" => first.floor(work),
            "ceil" => Ok(first.negate().floor(work)?.negate()),
            "sqrt" => first.root(self.digits, work),
            "round" => {
                let most = MAX_DIGITS as i64;
                let digits = second.map_or(Some(0), |value| value.to_i64());
                match digits.filter(|digits| (-most..=most).contains(digits)) {
                    Some(digits) => first.round(digits, work),
                    None => Err(format!("round takes an integer from -{most} to {most} as its second argument")),
                }
            }
            "sum" => rest.try_fold(first, |sum, value| sum.add(&value, work)),
            _ => {
                let wanted = if name == "max" { Ordering::Greater } else { Ordering::Less };
                rest.try_fold(first, |best, value| {
                    Ok(if value.compare(&best, work)? == wanted { value } else { best })
                })
            }
        }
    }
}
