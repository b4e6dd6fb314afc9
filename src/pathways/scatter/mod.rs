//! Durations that scatter: their laws, one for each way of making it, and everybody's times by law.

mod law;
mod mixture;

use std::collections::HashMap;

use law::Law;
pub(super) use mixture::Mixture;

/// A law of [`Laws`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LawId(u32);

impl LawId {
    /// The law of what does not scatter: always 0 seconds.
    pub(super) const NONE: Self = Self(0);
}

/// A time: seconds that are the same for all, and a law of what comes on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) fixed: u32,
    pub(super) law: LawId,
}

impl Span {
    pub(super) const ZERO: Self = Self { fixed: 0, law: LawId::NONE };
}

/// What a law is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Made {
    /// Median and the bits of the deviation of the logarithm.
    Lognormal(u32, u64),
    Sum(LawId, LawId),
    /// The second one so many seconds later.
    Later(LawId, LawId, i64),
}

/// The laws of a pathway: each is worked out once.
#[derive(Debug)]
pub(super) struct Laws {
    laws: Vec<Law>,
    known: HashMap<Made, LawId>,
}

impl Laws {
    pub(super) fn new() -> Self {
        Self { laws: vec![Law::zero()], known: HashMap::new() }
    }

    fn law(&self, id: LawId) -> &Law {
        &self.laws[id.0 as usize]
    }

    fn make(&mut self, made: Made) -> LawId {
        if let Some(id) = self.known.get(&made) {
            return *id;
        }
        let law = match made {
            Made::Lognormal(median, sigma) => Law::lognormal(median, f64::from_bits(sigma)),
            Made::Sum(a, b) => self.law(a).plus(self.law(b)),
            Made::Later(a, b, lead) => self.law(a).later(self.law(b), lead),
        };
        let id = LawId(self.laws.len() as u32);
        self.laws.push(law);
        self.known.insert(made, id);
        id
    }

    /// A lognormal time.
    pub(super) fn lognormal(&mut self, median: u32, sigma: f64) -> LawId {
        self.make(Made::Lognormal(median, sigma.to_bits()))
    }

    /// The sum of two times that do not depend on each other.
    pub(super) fn sum(&mut self, a: Span, b: Span) -> Span {
        let law = match (a.law, b.law) {
            (LawId::NONE, law) | (law, LawId::NONE) => law,
            (a, b) => self.make(Made::Sum(a.min(b), a.max(b))),
        };
        Span { fixed: a.fixed + b.fixed, law }
    }

    /// The later of two times that do not depend on each other.
    pub(super) fn later(&mut self, a: Span, b: Span) -> Span {
        let ends = |span: Span| {
            let law = self.law(span.law);
            (i64::from(span.fixed) + law.first(), i64::from(span.fixed) + law.last())
        };
        let ((first_a, last_a), (first_b, last_b)) = (ends(a), ends(b));
        if first_a >= last_b {
            return a;
        }
        if first_b >= last_a {
            return b;
        }
        let lead = i64::from(b.fixed) - i64::from(a.fixed);
        Span { fixed: a.fixed, law: self.make(Made::Later(a.law, b.law, lead)) }
    }
}
