//! Threads for parallel work: as many as there are, down to none beside the main one.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use rayon::{ThreadBuilder, ThreadPoolBuilder};

/// The most threads that are started, whatever somebody asks for: results do not depend on their number.
const MOST: usize = 1024;

/// Starts the threads that parallel work runs on: as many as `RAYON_NUM_THREADS` says, else as many as the
/// machine has processors. Where the system gives fewer, those do the work, and where it gives none, the main
/// thread.
pub(super) fn start() {
    let mut waiting: Vec<Sender<ThreadBuilder>> = Vec::new();
    while waiting.len() < wanted() {
        let (sender, receiver) = channel::<ThreadBuilder>();
        let work = move || {
            if let Ok(worker) = receiver.recv() {
                worker.run();
            }
        };
        // Whoever is started first and put to work later cannot be refused in between.
        let name = format!("worker {}", waiting.len());
        if thread::Builder::new().name(name).spawn(work).is_err() {
            break;
        }
        waiting.push(sender);
    }

    let pool = ThreadPoolBuilder::new().num_threads(waiting.len().max(1));
    let started = if waiting.is_empty() {
        pool.use_current_thread().build_global()
    } else {
        pool.spawn_handler(|worker| {
            let sender = waiting.pop().ok_or_else(|| std::io::Error::other("no thread is left"))?;
            sender.send(worker).map_err(|_| std::io::Error::other("the thread has ended"))
        })
        .build_global()
    };
    // It can only fail where the threads are there already.
    let _ = started;
}

/// How many threads are asked for.
fn wanted() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok();
    let asked = asked.and_then(|count| count.parse::<usize>().ok()).filter(|count| *count > 0);
    // A quota of a container counts here: more threads than that would only wait for each other.
    let there = || thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(there).min(MOST)
}
