//! Cases split among the departments in reach: all to the nearest, or shares by weights.
//!
//! A country has tens of millions of pairs of a part and a hospital in reach. Each list is therefore read once
//! for all streams: what they send lies in rows by hospital, one number a stream, and nothing is kept by place.

use rayon::prelude::*;

use super::gravity::Gravity;
use super::streams::{CaseStream, CaseStreams, LeftAt, PlaceFlow, Sent, SentByAll};
use crate::model::Network;
use crate::region::{PlaceId, Region};

/// Most pieces that the places are cut into for parallel work; sums are added in their order.
const PIECES: usize = 64;

/// Pieces that are worked on before they are added up: bounds the memory in flight.
const PIECES_AT_ONCE: usize = 16;

/// Most streams that are sent together, a bit each in a word.
const BLOCK: usize = 64;

/// How the cases of some places are split.
pub(super) struct Split<'a> {
    pub(super) region: &'a Region,
    pub(super) places: &'a [PlaceId],
    /// Shares by these weights; `None` where all go to the nearest.
    pub(super) gravity: Option<&'a Gravity>,
    /// Whether it is noted who goes from which place to which hospital.
    pub(super) keep_pairs: bool,
}

impl Split<'_> {
    /// What each stream sends; and by place and hospital what all of them send together, where that is noted.
    pub(super) fn send(&self, streams: &CaseStreams<'_>) -> SentByAll {
        let mut by_stream = Vec::with_capacity(streams.streams.len());
        let mut pairs = Vec::new();
        for of_block in streams.streams.chunks(BLOCK) {
            let block = Block::new(of_block, self.region.network(), self.gravity);
            let mut tally = self.send_block(&block);
            pairs.append(&mut tally.pairs);
            by_stream.extend(tally.into_sent(&block, streams.slots.len()));
        }
        SentByAll { by_stream, pairs }
    }

    /// Pieces of places in parallel, added up in their order: the same on any number of threads.
    fn send_block(&self, block: &Block<'_, '_>) -> Tally {
        let has_outside = self.region.places().places.iter().any(|place| place.outside);
        let (region, gravity, keep_pairs) = (self.region, self.gravity, self.keep_pairs);
        let sender = Sender { region, block, gravity, has_outside, keep_pairs };
        let pieces: Vec<&[PlaceId]> = pieces(self.places).collect();

        let mut sum = Tally::new(block, has_outside);
        for at_once in pieces.chunks(PIECES_AT_ONCE) {
            let send = |places: &&[PlaceId]| sender.send_from(places);
            let tallies: Vec<Tally> = at_once.par_iter().map(send).collect();
            for tally in tallies {
                sum.add(tally);
            }
        }
        sum
    }
}

/// The pieces of places whose sums are added up one after the other.
pub(super) fn pieces(places: &[PlaceId]) -> impl Iterator<Item = &[PlaceId]> {
    places.chunks(places.len().div_ceil(PIECES).max(1))
}

/// Some of the streams, with what each hospital is to them in one row.
struct Block<'s, 'r> {
    streams: &'s [CaseStream<'r>],
    /// By hospital: a bit for each stream that it treats.
    treats: Vec<u64>,
    /// By hospital: a bit for each of these that draws any patient; empty where all go to the nearest.
    draws: Vec<u64>,
    /// By hospital and stream: the attraction; empty where all go to the nearest.
    attraction: Vec<f64>,
}

impl<'s, 'r> Block<'s, 'r> {
    fn new(streams: &'s [CaseStream<'r>], network: &Network, gravity: Option<&Gravity>) -> Self {
        let (width, hospitals) = (streams.len(), network.hospitals().len());
        let drawing = if gravity.is_some() { hospitals } else { 0 };
        let mut block = Self {
            streams,
            treats: vec![0; hospitals],
            draws: vec![0; drawing],
            attraction: vec![0.0; drawing * width],
        };
        for (number, stream) in streams.iter().enumerate() {
            for site in &stream.sites {
                block.treats[site.hospital.index()] |= 1 << number;
            }
            let Some(gravity) = gravity else { continue };
            for (site, pull) in stream.sites.iter().zip(gravity.attraction(network, stream)) {
                let hospital = site.hospital.index();
                block.attraction[hospital * width + number] = pull;
                block.draws[hospital] |= u64::from(pull > 0.0) << number;
            }
        }
        block
    }

    fn width(&self) -> usize {
        self.streams.len()
    }

    /// Where the row of a hospital stands in an array by hospital and stream.
    fn row(&self, hospital: u32) -> std::ops::Range<usize> {
        let first = hospital as usize * self.width();
        first..first + self.width()
    }
}

/// The streams of a set of bits, rising.
fn streams_of(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let stream = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(stream)
    })
}

/// What some places send.
struct Tally {
    /// Cases by hospital and stream.
    cases: Vec<f64>,
    /// Those of them that live inside; empty where everybody does.
    inside: Vec<f64>,
    /// Cases times seconds of their journeys, by stream.
    seconds: Vec<f64>,
    /// Cases that no hospital takes, by stream and place.
    leftovers: Vec<Vec<LeftAt>>,
    /// By place and hospital, when asked for.
    pairs: Vec<PlaceFlow>,
}

impl Tally {
    fn new(block: &Block<'_, '_>, has_outside: bool) -> Self {
        let cells = block.treats.len() * block.width();
        Self {
            cases: vec![0.0; cells],
            inside: vec![0.0; if has_outside { cells } else { 0 }],
            seconds: vec![0.0; block.width()],
            leftovers: vec![Vec::new(); block.width()],
            pairs: Vec::new(),
        }
    }

    /// Adds what the next places send.
    fn add(&mut self, other: Self) {
        add(&mut self.cases, &other.cases);
        add(&mut self.inside, &other.inside);
        add(&mut self.seconds, &other.seconds);
        for (leftovers, more) in self.leftovers.iter_mut().zip(other.leftovers) {
            leftovers.extend(more);
        }
        self.pairs.extend(other.pairs);
    }

    /// What the places send, stream by stream and by slot.
    fn into_sent(self, block: &Block<'_, '_>, slots: usize) -> Vec<Sent> {
        let mut by_stream = Vec::with_capacity(block.width());
        for (number, leftovers) in self.leftovers.into_iter().enumerate() {
            let stream = &block.streams[number];
            let mut sent = Sent::new(slots);
            for site in &stream.sites {
                let cell = site.hospital.index() * block.width() + number;
                sent.cases[site.slot] = self.cases[cell];
                // Where nobody lives outside, those who live inside were not counted apart.
                sent.inside[site.slot] = *self.inside.get(cell).unwrap_or(&self.cases[cell]);
            }
            sent.seconds = self.seconds[number];
            sent.leftovers = leftovers;
            by_stream.push(sent);
        }
        by_stream
    }
}

/// Adds numbers to sums, one by one.
fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// How a block is sent.
#[derive(Clone, Copy)]
struct Sender<'a> {
    region: &'a Region,
    block: &'a Block<'a, 'a>,
    /// `None` where all go to the nearest.
    gravity: Option<&'a Gravity>,
    has_outside: bool,
    keep_pairs: bool,
}

impl Sender<'_> {
    /// Sends the cases of some places, an equal share from each part of a place.
    fn send_from(&self, places: &[PlaceId]) -> Tally {
        let mut desk = Desk::new(self);
        for &place in places {
            let parts = self.region.parts_of(place);
            let count = parts.len() as f64;
            desk.is_inside = !self.region.place(place).outside;
            for (each, stream) in desk.each.iter_mut().zip(self.block.streams) {
                // People are laid out evenly over the parts of a place, so that its cases are, too.
                *each = stream.cases.cases[place.index()] / count;
            }

            for part in parts {
                match self.gravity {
                    None => desk.send_to_nearest(part),
                    Some(gravity) => desk.send_by_shares(part, gravity),
                }
            }
            desk.close(place);
        }
        desk.tally
    }
}

/// The place whose cases are being sent, and what was sent so far.
struct Desk<'a> {
    sender: &'a Sender<'a>,
    tally: Tally,
    is_inside: bool,
    /// By stream: cases of each part of the place.
    each: Vec<f64>,
    /// By stream: the weights of one hospital.
    weights: Vec<f64>,
    /// The streams whose nearest hospital was weighed.
    weighed_nearest: u64,
    /// By stream: what all hospitals in reach of a part attract together.
    pull: Vec<f64>,
    /// By stream: cases by unit of attraction.
    by_unit: Vec<f64>,
    /// By stream: cases that go to one hospital.
    to_one: Vec<f64>,
    /// By stream: cases of the place that no hospital takes.
    leftover: Vec<f64>,
    of_place: Option<OfPlace>,
}

impl<'a> Desk<'a> {
    fn new(sender: &'a Sender<'a>) -> Self {
        let block = sender.block;
        let zeros = || vec![0.0; block.width()];
        Self {
            sender,
            tally: Tally::new(block, sender.has_outside),
            is_inside: true,
            each: zeros(),
            weights: zeros(),
            weighed_nearest: 0,
            pull: zeros(),
            by_unit: zeros(),
            to_one: zeros(),
            leftover: zeros(),
            of_place: if sender.keep_pairs { Some(OfPlace::new(block)) } else { None },
        }
    }

    /// All cases of a part go to the nearest hospital that treats them.
    fn send_to_nearest(&mut self, part: usize) {
        let every_stream = u64::MAX >> (BLOCK - self.sender.block.width());
        let open = self.send_these_to_nearest(part, every_stream);
        self.leave_over(open);
    }

    /// All cases of some streams go to the nearest; the streams that no hospital in reach treats are given back.
    fn send_these_to_nearest(&mut self, part: usize, mut open: u64) -> u64 {
        let (hospitals, seconds) = self.sender.region.times().row(part);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let here = self.sender.block.treats[hospital as usize] & open;
            if here == 0 {
                continue;
            }
            // All others stay 0: rows are added as a whole, many numbers at once.
            self.to_one.fill(0.0);
            for stream in streams_of(here) {
                self.to_one[stream] = self.each[stream];
            }
            self.add_to(hospital, second);
            open &= !here;
            if open == 0 {
                break;
            }
        }
        open
    }

    /// Cases of a part go to all hospitals in reach in proportion to attraction times decay. Where all
    /// attraction vanishes in the far distance, the nearest one gets everybody.
    fn send_by_shares(&mut self, part: usize, gravity: &Gravity) {
        let Sender { region, block, .. } = *self.sender;
        let (hospitals, seconds) = region.times().row(part);
        let mut reached = 0;
        self.weighed_nearest = 0;
        self.pull.fill(0.0);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let treats = block.treats[hospital as usize];
            if treats == 0 {
                continue;
            }
            reached |= treats;
            self.weigh(hospital, second, gravity);
            add(&mut self.pull, &self.weights);
        }

        // A division by stream instead of one by stream and hospital.
        let (mut vanished, mut faint) = (0, 0);
        for (stream, by_unit) in self.by_unit.iter_mut().enumerate() {
            let pull = self.pull[stream];
            *by_unit = self.each[stream] / pull;
            if by_unit.is_finite() {
                continue;
            }
            *by_unit = 0.0;
            if pull > 0.0 {
                faint |= 1 << stream;
            } else {
                vanished |= 1 << stream;
            }
        }
        self.send_these_to_nearest(part, reached & vanished);
        self.leave_over(vanished & !reached);
        self.send_by_faint_shares(part, faint, gravity);
        if reached & !vanished & !faint == 0 {
            return;
        }

        // A second pass weighs again: keeping the weights of every hospital costs more than a product.
        self.weighed_nearest = 0;
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            if block.treats[hospital as usize] == 0 {
                continue;
            }
            self.weigh(hospital, second, gravity);
            let weights = self.weights.iter().zip(&self.by_unit);
            for (cases, (weight, by_unit)) in self.to_one.iter_mut().zip(weights) {
                *cases = weight * by_unit;
            }
            self.add_to(hospital, second);
        }
    }

    /// The weights of a hospital after its journey, by stream. The hospitals of a part are weighed in the order
    /// of their time: the first that draws a stream is its nearest.
    fn weigh(&mut self, hospital: u32, second: u16, gravity: &Gravity) {
        let block = self.sender.block;
        let left = gravity.decay(second);
        let attraction = &block.attraction[block.row(hospital)];
        for (weight, attraction) in self.weights.iter_mut().zip(attraction) {
            *weight = attraction * left;
        }

        let Some(gain) = gravity.nearest_gain() else { return };
        let first = block.draws[hospital as usize] & !self.weighed_nearest;
        self.weighed_nearest |= first;
        for stream in streams_of(first) {
            self.weights[stream] += self.weights[stream] * gain;
        }
    }

    /// By shares, too: streams whose attraction is so little that its inverse is no number any more.
    fn send_by_faint_shares(&mut self, part: usize, faint: u64, gravity: &Gravity) {
        if faint == 0 {
            return;
        }
        let Sender { region, block, .. } = *self.sender;
        let (hospitals, seconds) = region.times().row(part);
        self.weighed_nearest = 0;
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            self.weigh(hospital, second, gravity);
            self.to_one.fill(0.0);
            for stream in streams_of(faint & block.treats[hospital as usize]) {
                let share = self.weights[stream] / self.pull[stream];
                self.to_one[stream] = share * self.each[stream];
            }
            self.add_to(hospital, second);
        }
    }

    /// Adds the cases that go to one hospital.
    fn add_to(&mut self, hospital: u32, second: u16) {
        let row = self.sender.block.row(hospital);
        add(&mut self.tally.cases[row.clone()], &self.to_one);
        if self.is_inside && !self.tally.inside.is_empty() {
            add(&mut self.tally.inside[row], &self.to_one);
        }
        let second = f64::from(second);
        for (seconds, cases) in self.tally.seconds.iter_mut().zip(&self.to_one) {
            *seconds += cases * second;
        }
        if let Some(of_place) = &mut self.of_place {
            add(of_place.row(hospital), &self.to_one);
        }
    }

    /// The cases of a part that these streams find no hospital for.
    fn leave_over(&mut self, streams: u64) {
        for stream in streams_of(streams) {
            self.leftover[stream] += self.each[stream];
        }
    }

    /// Notes what is known only when all parts of a place have sent.
    fn close(&mut self, place: PlaceId) {
        for (leftover, leftovers) in self.leftover.iter_mut().zip(&mut self.tally.leftovers) {
            if *leftover > 0.0 {
                leftovers.push(LeftAt { place, cases: *leftover });
            }
            *leftover = 0.0;
        }
        if let Some(of_place) = &mut self.of_place {
            of_place.close(place, self.sender.region, &mut self.tally.pairs);
        }
    }
}

/// What one place sends to each hospital, by stream.
struct OfPlace {
    width: usize,
    /// By hospital: the number of its row, or `NO_ROW`.
    row_of: Vec<u32>,
    /// The hospital of each row.
    hospitals: Vec<u32>,
    rows: Vec<f64>,
}

/// Marks a hospital to which the place sends nobody yet.
const NO_ROW: u32 = u32::MAX;

impl OfPlace {
    fn new(block: &Block<'_, '_>) -> Self {
        let row_of = vec![NO_ROW; block.treats.len()];
        Self { width: block.width(), row_of, hospitals: Vec::new(), rows: Vec::new() }
    }

    fn row(&mut self, hospital: u32) -> &mut [f64] {
        let row = &mut self.row_of[hospital as usize];
        if *row == NO_ROW {
            *row = self.hospitals.len() as u32;
            self.hospitals.push(hospital);
            self.rows.resize(self.rows.len() + self.width, 0.0);
        }
        let first = *row as usize * self.width;
        &mut self.rows[first..first + self.width]
    }

    /// The cases to each hospital, by id, all streams together; then nothing is kept.
    fn close(&mut self, place: PlaceId, region: &Region, pairs: &mut Vec<PlaceFlow>) {
        // Rows stand in the order in which hospitals were first reached.
        self.hospitals.sort_unstable();
        for &hospital in &self.hospitals {
            let first = self.row_of[hospital as usize] as usize * self.width;
            let cases: f64 = self.rows[first..first + self.width].iter().sum();
            if cases > 0.0 {
                let hospital = region.network().id(hospital);
                pairs.push(PlaceFlow { place, hospital, cases });
            }
            self.row_of[hospital as usize] = NO_ROW;
        }
        self.hospitals.clear();
        self.rows.clear();
    }
}
