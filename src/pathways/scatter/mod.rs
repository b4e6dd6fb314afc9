//! Durations that scatter: their laws, one for each way of making it, and everybody's times by law.

mod law;
mod mixture;
mod ways;

use std::collections::HashMap;

use law::{Ends, Law, Variant};
pub(super) use mixture::Mixture;
pub(super) use ways::{Way, latest};

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

/// A part of a time; below 0 where it is subtracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) fixed: i64,
    pub(super) law: LawId,
}

impl Stretch {
    pub(super) const ZERO: Self = Self { fixed: 0, law: LawId::NONE };
}

/// What a law is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Made {
    /// Median and the bits of the deviation of the logarithm.
    Lognormal(u32, u64),
    Sum(LawId, LawId),
    Negative(LawId),
    /// The second one so many seconds later.
    Later(LawId, LawId, i64),
    /// By cells of so many seconds.
    Wide(LawId, i64),
}

/// The laws of a pathway: each is worked out once.
#[derive(Debug, Clone)]
pub(super) struct Laws {
    list: Vec<Law>,
    known: HashMap<Made, LawId>,
    /// Laws under conditions ([`ways`]), by cells; forgotten now and then.
    conditional: Option<Box<Self>>,
}

impl Laws {
    pub(super) fn new() -> Self {
        Self { list: vec![Law::zero()], known: HashMap::new(), conditional: None }
    }

    /// The probability of at most so many seconds of a law; below 0 of what is over before it begins.
    pub(super) fn within(&self, id: LawId, seconds: i64) -> f64 {
        self.law(id).within(seconds)
    }

    fn law(&self, id: LawId) -> &Law {
        &self.list[id.0 as usize]
    }

    fn push(&mut self, law: Law) -> LawId {
        self.list.push(law);
        LawId(self.list.len() as u32 - 1)
    }

    fn make(&mut self, made: Made) -> LawId {
        if let Some(id) = self.known.get(&made) {
            return *id;
        }
        // Thousands of people share few laws: each is convolved once and then looked up.
        let law = match made {
            Made::Lognormal(median, sigma) => Law::lognormal(median, f64::from_bits(sigma)),
            Made::Sum(a, b) => self.law(a).plus(self.law(b)),
            Made::Negative(a) => self.law(a).negative(),
            Made::Later(a, b, lead) => self.law(a).later(self.law(b), lead),
            Made::Wide(a, width) => self.law(a).by_width(width),
        };
        let id = self.push(law);
        self.known.insert(made, id);
        id
    }

    /// A lognormal time.
    pub(super) fn lognormal(&mut self, median: u32, sigma: f64) -> LawId {
        self.make(Made::Lognormal(median, sigma.to_bits()))
    }

    /// A law by cells of at least this width.
    fn wide(&mut self, law: LawId, width: i64) -> LawId {
        if law == LawId::NONE || self.law(law).width() >= width {
            return law;
        }
        self.make(Made::Wide(law, width))
    }

    /// The sum of two times that do not depend on each other.
    pub(super) fn sum(&mut self, a: Stretch, b: Stretch) -> Stretch {
        let law = match (a.law, b.law) {
            (LawId::NONE, law) | (law, LawId::NONE) => law,
            (a, b) => {
                let width = self.law(a).width().max(self.law(b).width());
                let (a, b) = (self.wide(a, width), self.wide(b, width));
                // In one order, so that the sum is known whichever comes first.
                self.make(Made::Sum(a.min(b), a.max(b)))
            }
        };
        Stretch { fixed: a.fixed + b.fixed, law }
    }

    /// A time that is subtracted.
    fn negative(&mut self, time: Stretch) -> Stretch {
        let law = match time.law {
            LawId::NONE => LawId::NONE,
            law => self.make(Made::Negative(law)),
        };
        Stretch { fixed: -time.fixed, law }
    }

    /// The least and the greatest second that a time can be.
    fn ends(&self, time: Stretch) -> Ends {
        let Ends { first, last } = self.law(time.law).ends();
        Ends { first: time.fixed + first, last: time.fixed + last }
    }

    /// The later of two times that do not depend on each other.
    pub(super) fn later(&mut self, a: Stretch, b: Stretch) -> Stretch {
        let (ends_a, ends_b) = (self.ends(a), self.ends(b));
        // Where one is always the later one, nothing must be worked out.
        if ends_a.first >= ends_b.last {
            return a;
        }
        if ends_b.first >= ends_a.last {
            return b;
        }
        let lead = b.fixed - a.fixed;
        Stretch { fixed: a.fixed, law: self.make(Made::Later(a.law, b.law, lead)) }
    }

    /// A time from one event to another that comes behind it.
    pub(super) fn span(&mut self, time: Stretch) -> Span {
        if let Ok(fixed) = u32::try_from(time.fixed) {
            return Span { fixed, law: time.law };
        }
        // What is the same for all lies before the clock: it goes into the law.
        let law = self.law(time.law);
        let moved = Variant { later: time.fixed, law, share: 1.0 };
        let moved = Law::one_of(&[moved], law.width());
        Span { fixed: 0, law: self.push(moved) }
    }
}
