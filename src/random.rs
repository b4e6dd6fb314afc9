//! Random numbers that belong to somebody: one independent stream per (replication, entity,
//! purpose), so that a scenario and its base see the same patients.
//!
//! A [`Seed`] and the number of a replication name a `ChaCha12` key stream. Its 2^64 blocks are read
//! by the hash of an entity's written key and a purpose, so that a stream depends on nothing but
//! (seed, replication, entity, purpose): removing an entity moves no number of any other. The 32
//! bytes of the block start a xoshiro256++ generator, which draws fast and holds 32 bytes.
//!
//! What happens to one customer is drawn from the customer's own key ([`Draw`]): how long after the one
//! before it of its stream it comes, and the n-th visit to a station gives the same stay whatever
//! happened to others in the meantime.
//!
//! Bernstein, D. J. (2008): `ChaCha`, a variant of Salsa20. Blackman, D., Vigna, S. (2021): Scrambled
//! linear pseudorandom number generators. ACM TOMS 47(4), 36. Steele, G. L., Lea, D., Flood, C. H.
//! (2014): Fast splittable pseudorandom number generators. OOPSLA, 453-472.

use std::fmt;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};
use serde::{Deserialize, Serialize};

/// What all random numbers of a run start from.
///
/// ```
/// use verbund::random::{Purpose, Seed};
///
/// let seed = Seed(2026);
/// let mut torgau = seed.stream(0, "torgau", Purpose::Absence);
/// let mut again = seed.stream(0, "torgau", Purpose::Absence);
/// let mut other = seed.stream(1, "torgau", Purpose::Absence);
/// let first = torgau.next_u64();
/// assert_eq!(first, again.next_u64());
/// assert_ne!(first, other.next_u64());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(pub u64);

/// Random numbers of one entity for one purpose, as many as are asked for; made by [`Seed::stream`].
///
/// ```
/// use verbund::random::{Purpose, Seed};
///
/// let mut numbers = Seed(2026).stream(0, "torgau", Purpose::Absence);
/// let share = numbers.uniform();
/// assert!((0.0..1.0).contains(&share));
/// ```
#[derive(Debug, Clone)]
pub struct RandomStream(pub(crate) Xoshiro256PlusPlus);

impl RandomStream {
    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// The next number, even from 0 to below 1.
    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }
}

/// What the numbers of a stream are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Keys of the customers who arrive.
    Customers = 1,
    /// Servers that are absent.
    Absence,
    /// Points of a design of experiments.
    Design,
    /// Keys of the customers who are there at the start.
    Present,
}

impl Seed {
    /// The streams of a replication (from 0).
    pub fn replication(self, replication: u64) -> Replication {
        let mut source = ChaCha12Rng::seed_from_u64(self.0);
        source.set_stream(replication);
        Replication(source)
    }

    /// The stream of an entity for a purpose in a replication (from 0).
    pub fn stream(self, replication: u64, entity: &str, purpose: Purpose) -> RandomStream {
        let mut bytes = [0; 32];
        self.replication(replication).at(Entity::new(entity, purpose)).fill_bytes(&mut bytes);
        RandomStream(Xoshiro256PlusPlus::from_seed(bytes))
    }

    /// The keys of the customers of an entity, in the order of their arrival.
    pub fn keys(self, replication: u64, entity: &str) -> Keys {
        self.replication(replication).keys(entity)
    }
}

/// What all streams of a replication start from, for callers that need many.
#[derive(Debug, Clone)]
pub struct Replication(ChaCha12Rng);

impl Replication {
    /// The keys of the customers of an entity: those that [`Seed::keys`] gives.
    pub fn keys(&mut self, entity: &str) -> Keys {
        self.keys_of(Entity::new(entity, Purpose::Customers))
    }

    /// The keys of the customers of an entity who are there at the start.
    pub fn present(&mut self, entity: &str) -> Keys {
        self.keys_of(Entity::new(entity, Purpose::Present))
    }

    /// The keys that hang on an entity, for callers that ask in many replications.
    pub fn keys_of(&mut self, entity: Entity) -> Keys {
        let first = self.at(entity).next_u64();
        Keys(SplitMix64::from_seed(first.to_le_bytes()))
    }

    /// At the start of the block of an entity.
    fn at(&mut self, entity: Entity) -> &mut ChaCha12Rng {
        // A block has 16 words of 32 bits.
        self.0.set_word_pos(u128::from(entity.0) << 4);
        &mut self.0
    }
}

/// The written key of an entity and a purpose, as a number that is the same everywhere.
///
/// ```
/// use verbund::random::{Entity, Purpose, Seed};
///
/// let torgau = Entity::new("torgau", Purpose::Customers);
/// let mut first = Seed(2026).replication(0).keys_of(torgau);
/// assert_eq!(first.next(), Seed(2026).keys(0, "torgau").next());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity(u64);

impl Entity {
    /// Of a key and a purpose: FNV-1a over their bytes, mixed by one step of `SplitMix64`.
    pub fn new(key: &str, purpose: Purpose) -> Self {
        let mut hash = Fnv::new();
        hash.add(key.as_bytes());
        hash.add(&[purpose as u8]);
        Self(SplitMix64::seed_from_u64(hash.number()).next_u64())
    }
}

/// Keys of customers, one after the other.
#[derive(Debug, Clone)]
pub struct Keys(SplitMix64);

impl Keys {
    /// The key of the next customer.
    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// What is drawn for one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Draw {
    /// Which kind of customer it is.
    Kind,
    /// Which station comes first.
    First,
    /// How long the service takes.
    Service,
    /// Where to go after it.
    Next,
    /// How long the customer waits at most.
    Patience,
    /// How long the server is made ready for the next one.
    SetUp,
    /// Whether the customer comes at all.
    Comes,
    /// How long after the customer before it of the same stream it comes.
    Gap,
}

impl Draw {
    /// What the numbers of one draw of one customer start from: the state of a `SplitMix64` generator, from the
    /// customer's key, the number of the visit (from 0) and the purpose. Whoever runs that generator from it draws
    /// what a simulation draws.
    ///
    /// ```
    /// use verbund::random::Draw;
    ///
    /// let stay = Draw::Service.start(7, 0);
    /// assert_eq!(stay, Draw::Service.start(7, 0));
    /// assert_ne!(stay, Draw::Service.start(7, 1));
    /// ```
    pub fn start(self, customer: u64, visit: u32) -> u64 {
        // An odd number other than the increment of SplitMix64, so that the sequences of two draws of a
        // customer start far from each other.
        const STEP: u64 = 0xd134_2543_de82_ef95;
        let number = (u64::from(visit) << 3 | self as u64).wrapping_add(1);
        customer.wrapping_add(number.wrapping_mul(STEP))
    }
}

/// The generator of one draw of one customer. It is counter-based: no draw waits for another one, and there is no state
/// to keep between two visits.
pub(crate) fn draws(customer: u64, visit: u32, purpose: Draw) -> SplitMix64 {
    SplitMix64::from_seed(purpose.start(customer, visit).to_le_bytes())
}

/// FNV-1a, 64 bits: a number of bytes that is the same on every machine. It guards against mistakes, not
/// against intent.
///
/// Fowler, G., Noll, L. C., Vo, K.-P. (1991); offset basis and prime as in RFC 9923.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Fnv {
    /// Of no bytes.
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds bytes behind those before.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The number of the bytes so far.
    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_bytes_is_that_of_the_published_vectors() {
        // The test vectors of the authors.
        for (text, number) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            let mut hash = Fnv::new();
            hash.add(text.as_bytes());
            assert_eq!(hash.number(), number, "{text}");
        }
    }
}
