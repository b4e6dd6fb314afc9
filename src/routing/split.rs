//! Cases split among the departments in reach: all to the nearest, or shares by the Huff model.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::choice::Huff;
use super::streams::{PlaceFlow, Sent, Stream, add_up};
use crate::region::{PlaceId, Region};
use crate::stats::median;

/// How the cases of one part of a place are split.
pub(super) enum Split<'d> {
    /// All to the nearest.
    Nearest,
    /// In proportion to attraction, by slot, times decay, by second.
    Huff { attraction: Vec<f64>, decay: &'d [f64] },
}

/// Most pieces that the places are cut into for parallel work; sums are added in their order.
const PIECES: usize = 64;

/// (beds / most beds)^a of each slot that treats a stream: the proportions of beds^a, never too large
/// for a number. Unknown beds count as the median of the known ones above 0.
pub(super) fn attraction(stream: &Stream<'_>, slots: usize, exponent: f64) -> Vec<f64> {
    let beds = stream.sites.iter().filter_map(|site| site.beds);
    let known: Vec<f64> = beds.filter(|beds| *beds > 0.0).collect();
    let median = median(&known).unwrap_or(1.0);
    let most = known.iter().copied().fold(median, f64::max);
    let mut attraction = vec![0.0; slots];
    for site in &stream.sites {
        let beds = site.beds.unwrap_or(median);
        attraction[site.slot] = if beds > 0.0 { (beds / most).powf(exponent) } else { 0.0 };
    }
    attraction
}

/// The decay for every whole second up to the cut-off.
pub(super) fn decay_by_second(region: &Region, huff: &Huff) -> Vec<f64> {
    (0..=region.times().cutoff().0).map(|second| huff.decay.at(f64::from(second) / 60.0)).collect()
}

/// A hospital in reach of a part: its slot, its id and the seconds.
pub(super) type Reached = (usize, u32, u16);

impl Split<'_> {
    /// Shares of the hospitals in reach, the nearest first. Where all attraction vanishes in the
    /// far distance, the nearest one gets everybody.
    pub(super) fn shares(&self, reached: &[Reached], out: &mut Vec<f64>) {
        out.clear();
        if let Self::Huff { attraction, decay } = self {
            let pull = |&(slot, _, second): &Reached| attraction[slot] * decay[second as usize];
            out.extend(reached.iter().map(pull));
            let sum: f64 = out.iter().sum();
            if sum > 0.0 {
                out.iter_mut().for_each(|share| *share /= sum);
                return;
            }
        }
        out.clear();
        out.push(1.0);
    }
}

/// How cases are sent.
#[derive(Clone, Copy)]
pub(super) struct Sending<'s> {
    /// How many slots there are.
    pub(super) slots: usize,
    pub(super) keep_pairs: bool,
    /// Once set, the cases of no more places are sent.
    pub(super) stop: &'s AtomicBool,
}

/// Sends the cases of every place of a stream, or of some of them where it is stopped.
pub(super) fn send(
    region: &Region,
    stream: &Stream<'_>,
    split: &Split<'_>,
    sending: Sending<'_>,
) -> Sent {
    let Sending { slots, keep_pairs, stop } = sending;
    let slot_of = stream.slot_of_hospital(region.network().hospitals().len());
    let places: Vec<PlaceId> = region.place_ids().collect();
    let piece = places.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Sent> = places
        .par_chunks(piece)
        .map(|places| {
            let mut sent = Sent::new(slots);
            let mut sender =
                Sender { region, slot_of: &slot_of, split, buffers: Buffers::default() };
            for &place in places {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let cases = stream.cases.cases[place.index()];
                sender.send_from(place, cases, keep_pairs, &mut sent);
            }
            sent
        })
        .collect();
    let mut all = Sent::new(slots);
    pieces.into_iter().for_each(|piece| all.add(piece));
    all
}

#[derive(Default)]
struct Buffers {
    reached: Vec<Reached>,
    shares: Vec<f64>,
}

struct Sender<'a> {
    region: &'a Region,
    slot_of: &'a [Option<usize>],
    split: &'a Split<'a>,
    buffers: Buffers,
}

impl Sender<'_> {
    /// Sends the cases of one place, an equal share from each of its parts.
    fn send_from(&mut self, place: PlaceId, cases: f64, keep_pairs: bool, sent: &mut Sent) {
        let parts = self.region.parts_of(place);
        let inside = !self.region.place(place).outside;
        let per_part = cases / parts.len() as f64;
        let first_pair = sent.pairs.len();
        let mut leftover = 0.0;
        for part in parts {
            let (hospitals, seconds) = self.region.times().row(part);
            let network = self.region.network();
            let Buffers { reached, shares } = &mut self.buffers;
            reached.clear();
            for (&hospital, &second) in hospitals.iter().zip(seconds) {
                if let Some(slot) = self.slot_of[hospital as usize] {
                    reached.push((slot, hospital, second));
                    if matches!(self.split, Split::Nearest) {
                        break;
                    }
                }
            }
            if reached.is_empty() {
                leftover += per_part;
                continue;
            }
            self.split.shares(reached, shares);
            for (&(slot, hospital, second), share) in reached.iter().zip(shares.iter()) {
                let cases = per_part * share;
                sent.cases[slot] += cases;
                if inside {
                    sent.inside[slot] += cases;
                }
                sent.seconds += cases * f64::from(second);
                if keep_pairs && cases > 0.0 {
                    let hospital = network.id(hospital);
                    sent.pairs.push(PlaceFlow { place, hospital, cases });
                }
            }
        }
        if leftover > 0.0 {
            sent.leftovers.push((place, leftover));
        }
        add_up(&mut sent.pairs, first_pair);
    }
}
