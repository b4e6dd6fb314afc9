//! Customers who are there at the start.

use rand_distr::{Distribution as _, Exp1};

use super::super::compile::{CompiledPresent, NONE};
use super::super::result::Watch;
use super::{Admission, Customer, Engine, State, details};
use crate::random::{Draw, Keys, Seed, draws};

impl<W: Watch> Engine<'_, '_, W> {
    /// Puts the customers of the start in, before anything is counted.
    pub(super) fn fill_at_start(&mut self, seed: Seed, replication: u64) {
        let mut keys = seed.replication(replication);
        let model = self.model;
        for present in &model.present {
            self.serve_at_start(present, keys.present(&present.entity));
        }
        for present in &model.present {
            if present.certain > 0 || !present.so_far.is_empty() {
                self.serve_for_certain(
                    present,
                    keys.present(&format!("{}/certain", present.entity)),
                );
            }
        }
        for present in model.present.iter().filter(|present| present.waiting > 0) {
            self.wait_at_start(present, keys.present(&format!("{}/waiting", present.entity)));
        }
        self.fill(0.0);
    }

    /// Puts those in service in, while there are servers for them. Another mean adds or takes away
    /// the last ones; the others stay the same.
    fn serve_at_start(&mut self, present: &CompiledPresent, mut keys: Keys) {
        let station = present.station as usize;
        let service = self.model.service(station, present.class);
        let mut sum = 0.0;
        loop {
            let key = keys.next();
            // Poisson: arrivals at rate 1 up to the mean.
            let gap: f64 = Exp1.sample(&mut draws(key, 0, Draw::Gap));
            sum += gap;
            if sum > present.mean || !self.stations[station].has_free() {
                return;
            }
            let rest =
                service.map_or(0.0, |sampler| sampler.draw_rest(&mut draws(key, 0, Draw::Service)));
            self.put_in(present, key, rest);
        }
    }

    /// Puts those in who are there for certain.
    fn serve_for_certain(&mut self, present: &CompiledPresent, mut keys: Keys) {
        let service = self.model.service(present.station as usize, present.class);
        for _ in 0..present.certain {
            let key = keys.next();
            let rest =
                service.map_or(0.0, |sampler| sampler.draw_rest(&mut draws(key, 0, Draw::Service)));
            self.put_in(present, key, rest);
        }
        for so_far in &present.so_far {
            let key = keys.next();
            let mut numbers = draws(key, 0, Draw::Service);
            let rest = match &present.service {
                Some(law) => law.draw_after(*so_far, &mut numbers),
                None => 0.0,
            };
            self.put_in(present, key, rest);
        }
    }

    /// Puts a customer in service who has so much left of it.
    fn put_in(&mut self, present: &CompiledPresent, key: u64, rest: f64) {
        let station = present.station as usize;
        let number = self.come_at_start(present, key, State::InService);
        self.stations[station].busy += 1;
        self.busy[station] = self.stations[station].busy;
        let until = self.end_of(number, 0.0, rest);
        self.events.plan(until, number);
    }

    fn wait_at_start(&mut self, present: &CompiledPresent, mut keys: Keys) {
        let station = present.station as usize;
        for _ in 0..present.waiting {
            if !self.stations[station].has_place() {
                break;
            }
            let number = self.come_at_start(present, keys.next(), State::Waiting);
            self.queue(number, self.length(number), 0.0);
        }
        self.to_fill.push(present.station);
    }

    fn come_at_start(&mut self, present: &CompiledPresent, key: u64, state: State) -> u32 {
        let number = self.customers.len() as u32;
        let to = present.station;
        self.customers.push(Customer {
            key,
            // Minus zero, which is equal to 0 but for its sign: the sign says that it did not ask for a place.
            came: -0.0,
            station: to,
            visit: 0,
            class: present.class,
            next_class: 0,
            state,
            belongs: false,
            was_diverted: false,
            gives_up: false,
        });
        let mut details =
            details(NONE, Admission { first: to, to, alternate: NONE, forced: false });
        if state == State::InService {
            details.started = 0.0;
        }
        self.details.push(details);
        number
    }
}
