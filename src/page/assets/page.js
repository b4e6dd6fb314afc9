"use strict";
// The script of the page: shows another standard, moves the map, and counts again what a change does. It sends and
// loads nothing. All numbers are whole seconds and whole people, so that it counts exactly as the program does.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const texts = Object.fromEntries(data.texts);
  const byId = (id) => document.getElementById(id);
  const UNREACHED = 65535;

  // ---- Words and numbers, printed as the program prints them.

  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (mark, key) => (key in values ? values[key] : mark));

  // A half goes to the even neighbour, as in the program: toFixed alone would round 12.25 up.
  function fixed(value, decimals) {
    const scale = 10 ** decimals;
    const scaled = value * scale;
    const whole = Math.floor(scaled);
    const isHalf = scaled - whole === 0.5 && Number.isInteger(value * 4);
    const text = isHalf ? ((whole % 2 === 0 ? whole : whole + 1) / scale).toFixed(decimals) : value.toFixed(decimals);
    const [front, rest] = text.split(".");
    const [thousands, decimal] = data.marks;
    const grouped = front.replace(/\B(?=(\d{3})+$)/g, thousands);
    return rest ? `${grouped}${decimal}${rest}` : grouped;
  }
  const people = (count) => fixed(count, 0);
  const minutes = (seconds) => (seconds === null ? "–" : fixed(seconds / 60, 1));
  const share = (part, whole) => (whole > 0 ? `${fixed((part / whole) * 100, 1)} %` : "–");

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null) made.setAttribute(key, value);
    }
    // Names come in as text and never as markup.
    made.append(...children);
    return made;
  }
  const SVG = "http://www.w3.org/2000/svg";
  function drawing(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // ---- What is changed.

  const state = {
    // Of a change the map first shows those whom it hits most.
    standard: data.change?.worst ?? 0,
    /** The care pathway that the map shows in the place of the standard; null for the standard. */
    pathway: null,
    limits: data.standards.map((standard) => standard.minutes),
    closed: new Set(),
    /** Hospital to the keys of what it closes: "s:neurology" for a department, "f:ct" for a facility. */
    units: new Map(),
    opened: [],
    ended: new Set(),
    /** Cooperations that work on working days from 8 to 16 only. */
    limited: new Set(),
    /** Cooperations that start: kind, field, and hospitals by position. */
    started: [],
    chosen: null,
  };

  const hasLimitMoved = () => data.standards.some((standard, index) => state.limits[index] !== standard.minutes);
  const changesCare = () => state.closed.size + state.units.size + state.opened.length > 0;
  const changesNetwork = () => changesCare() || state.ended.size + state.limited.size + state.started.length > 0;
  // The hours to which a cooperation is limited; the room of the page in the program has the same.
  const BY_DAY = "Mon-Fri 8-16";
  /** Those that work round the clock: others have hours of their own, which a limit would not keep. */
  function canBeLimited(index) {
    const pathways = data.what_if?.care.pathways;
    return pathways && !pathways.some((pathway) => pathway.hours.some((hour) => hour.closed.includes(index)));
  }
  const hasChanged = () => changesNetwork() || hasLimitMoved();

  // ---- Counting.

  /** Parts, people and journeys; null until they are unpacked, or where the page has none. */
  let ground = null;
  let before = [];
  /** Care pathways and the cases of a year as they are today; null where the page cannot count them. */
  let careBefore = null;
  let loadsBefore = null;

  async function unpack(letters) {
    const packed = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Numbers of 64 bits, of which all first bytes came first, then all second ones. */
  function gathered(bytes) {
    const count = bytes.length / 8;
    const inOrder = new Uint8Array(bytes.length);
    for (let index = 0; index < bytes.length; index += 1) inOrder[(index % count) * 8 + Math.floor(index / count)] = bytes[index];
    return new Float64Array(inOrder.buffer);
  }

  /** Numbers of 16 bits, of which all low bytes came first. */
  function joined(bytes) {
    const count = bytes.length / 2;
    const numbers = new Uint16Array(count);
    for (let index = 0; index < count; index += 1) numbers[index] = bytes[index] | (bytes[count + index] << 8);
    return numbers;
  }

  async function readGround() {
    const whatIf = data.what_if;
    const parts = data.places.reduce((sum, place) => sum + place.parts, 0);
    // Behind the parts inside come those outside: their people fill the same beds.
    const rows = (whatIf.flows?.outside ?? []).reduce((sum, count) => sum + count, parts);
    let vectors = null;
    let seconds = null;
    if (whatIf.crow) {
      vectors = gathered(await unpack(whatIf.crow.vectors));
      seconds = new Uint16Array(rows * whatIf.sites.length);
      whatIf.sites.forEach((_, column) => {
        seconds.set(journeysTo(rows + data.places.length + column, vectors, rows), column * rows);
      });
    } else {
      seconds = joined(await unpack(whatIf.journeys));
    }
    let sum = 0x811c9dc5;
    for (const time of seconds) sum = Math.imul(sum ^ time, 0x01000193);
    if (sum >>> 0 !== whatIf.checksum) throw new Error("the journeys are other ones than those of the program");

    // The parts of a place share its people as equally as whole numbers allow: the rule of the program.
    const groups = data.groups.map((totals) => {
      const shares = new Uint32Array(parts);
      let part = 0;
      data.places.forEach((place, index) => {
        for (let number = 0; number < place.parts; number += 1) {
          const upTo = (end) => Math.floor((end * totals[index]) / place.parts);
          shares[part] = upTo(number + 1) - upTo(number);
          part += 1;
        }
      });
      return shares;
    });
    const columnOf = new Map(whatIf.sites.map((site, column) => [site, column]));
    const leaves = whatIf.leaves.map((leaf) => ({ ...leaf, hospitals: new Set(leaf.hospitals) }));
    // Where the crow flies, it flies from hospital to hospital as well.
    const between = whatIf.between ? joined(await unpack(whatIf.between)) : betweenSites(vectors, rows + data.places.length);
    const cases = whatIf.flows ? gathered(await unpack(whatIf.flows.cases)) : null;
    const read = { parts, rows, groups, seconds, columnOf, leaves, vectors, between, cases };
    return { ...read, flights: flightsOver(read), decay: decayOver(read) };
  }

  function betweenSites(vectors, first) {
    const { crow, sites } = data.what_if;
    const between = new Uint16Array(sites.length * sites.length);
    const bands = bandsOf(crow);
    for (let from = 0; from < sites.length; from += 1) {
      for (let to = 0; to < sites.length; to += 1) between[from * sites.length + to] = timeOver(metresBetween(vectors, first + from, first + to), bands, crow.cutoff);
    }
    return between;
  }

  /** Flights of all parts inside to the hospitals with a helipad; none where nobody knows where everybody is. */
  function flightsOver({ vectors, parts, rows, leaves }) {
    const { care, crow } = data.what_if;
    const flights = new Map();
    if (!vectors) return flights;
    const straight = { detour: 1, access: 0, speeds: [[null, care.flight.km_per_hour]], cutoff: crow.cutoff };
    data.what_if.sites.forEach((site, column) => {
      if (leaves[care.flight.leaf].hospitals.has(site)) flights.set(site, journeysTo(rows + data.places.length + column, vectors, parts, straight));
    });
    return flights;
  }

  /** What a journey leaves of the attraction of each hospital, column by column; 0 out of reach. */
  function decayOver({ seconds }) {
    const { flows } = data.what_if;
    return flows ? Float64Array.from(seconds, (time) => decayAfter(time)) : null;
  }
  const decayAfter = (time) => (time === UNREACHED ? 0 : Math.exp((-data.what_if.flows.per_minute * time) / 60));

  /** Whether a hospital meets a need without the departments and facilities that it closes. */
  function meets(need, hospital, gone) {
    if (typeof need === "number") {
      const leaf = ground.leaves[need];
      return leaf.hospitals.has(hospital) && !gone.has(`${leaf.kind}:${leaf.key}`);
    }
    if (need.all) return need.all.every((part) => meets(part, hospital, gone));
    return need.any.some((part) => meets(part, hospital, gone));
  }

  function isOpenFor(standard, hospital) {
    if (state.closed.has(hospital)) return false;
    const gone = state.units.get(hospital);
    return !gone || meets(data.what_if.standards[standard].need, hospital, gone);
  }

  // Metres and seconds step by step as in the program: sums and products in another order could end a second apart.
  const EARTH_RADIUS = 6371008.8;
  function metresBetween(vectors, from, to) {
    const x = vectors[from * 3] - vectors[to * 3];
    const y = vectors[from * 3 + 1] - vectors[to * 3 + 1];
    const z = vectors[from * 3 + 2] - vectors[to * 3 + 2];
    const chord = x * x + y * y + z * z;
    if (chord < 0.01) {
      const series = 1 + chord * (1 / 24 + chord * (3 / 640 + chord * (5 / 7168)));
      return EARTH_RADIUS * Math.sqrt(chord) * series;
    }
    return EARTH_RADIUS * 2 * Math.asin(Math.min(Math.sqrt(chord) / 2, 1));
  }
  function bandsOf(crow) {
    let [metres, seconds] = [0, crow.access];
    return crow.speeds.map(([end, speed]) => {
      const band = { metres, seconds, pace: (3.6 * crow.detour) / speed };
      if (end !== null) {
        const next = (end * 1000) / crow.detour;
        seconds += (next - metres) * band.pace;
        metres = next;
      }
      return band;
    });
  }
  /** The journeys of so many parts to one of the points, by its number. */
  function journeysTo(point, vectors, parts, crow = data.what_if.crow) {
    const bands = bandsOf(crow);
    const journeys = new Uint16Array(parts);
    for (let part = 0; part < parts; part += 1) journeys[part] = timeOver(metresBetween(vectors, part, point), bands, crow.cutoff);
    return journeys;
  }
  function timeOver(metres, bands, cutoff) {
    let band = bands[0];
    for (const next of bands) {
      if (metres < next.metres) break;
      band = next;
    }
    const seconds = Math.trunc(band.seconds + (metres - band.metres) * band.pace + 0.5);
    return seconds > cutoff ? UNREACHED : seconds;
  }

  /** The nearest hospital of every part: seconds, and its position (behind all others for one that opens). */
  function nearestOf(standard) {
    const best = new Uint16Array(ground.parts).fill(UNREACHED);
    const nearest = new Int32Array(ground.parts).fill(-1);
    const take = (column, offset, hospital) => {
      for (let part = 0; part < ground.parts; part += 1) {
        // Of equally near ones the first counts: hospitals come in the order of their keys.
        if (column[offset + part] < best[part]) {
          best[part] = column[offset + part];
          nearest[part] = hospital;
        }
      }
    };
    for (const hospital of data.standards[standard].meets) {
      if (isOpenFor(standard, hospital)) take(ground.seconds, ground.columnOf.get(hospital) * ground.rows, hospital);
    }
    state.opened.forEach((opened, number) => {
      const meetsIt = data.what_if.standards[opened.standard].recipe.meets.includes(standard);
      if (meetsIt) take(opened.journeys, 0, data.hospitals.length + number);
    });
    return { best, nearest };
  }

  /** A journey at an end of the band, in seconds. */
  const timeAt = ([factor, extra], seconds) => Math.round(seconds * factor) + extra;
  /** The longest journeys as stated that are within a limit at the quick and at the slow end; -1 where none is. */
  function latestOf(limit) {
    return (data.margin ?? []).map((end) => {
      if (timeAt(end, 0) > limit) return -1;
      let stated = Math.trunc((limit - end[1]) / end[0]);
      // The estimate is off by the rounding of one time.
      while (timeAt(end, stated) > limit) stated -= 1;
      while (timeAt(end, stated + 1) <= limit) stated += 1;
      return stated;
    });
  }

  const nothing = () => ({ people: 0, within: 0, quick: 0, slow: 0, reached: 0, sum: 0 });
  const mean = (tally) => (tally.reached > 0 ? tally.sum / tally.reached : null);

  /** The figures of a standard: of all, by district, by place; `before` tells who is newly beyond. */
  function tally(standard, earlier) {
    const { best, nearest } = nearestOf(standard);
    const counts = ground.groups[data.standards[standard].group];
    const limit = state.limits[standard] * 60;
    const [quick, slow] = latestOf(limit);
    const result = { total: nothing(), districts: data.districts.map(nothing), places: [], best, nearest, limit, lost: 0, won: 0 };
    let part = 0;
    for (const place of data.places) {
      const ofPlace = nothing();
      for (const end = part + place.parts; part < end; part += 1) {
        const [count, time] = [counts[part], best[part]];
        ofPlace.people += count;
        if (time !== UNREACHED) {
          ofPlace.reached += count;
          ofPlace.sum += count * time;
          if (time <= quick) ofPlace.quick += count;
          if (time <= slow) ofPlace.slow += count;
        }
        const isWithin = time <= limit;
        if (isWithin) ofPlace.within += count;
        if (earlier) {
          const wasWithin = earlier.best[part] <= earlier.limit;
          if (wasWithin && !isWithin) result.lost += count;
          if (!wasWithin && isWithin) result.won += count;
        }
      }
      result.places.push(ofPlace);
      for (const sum of [result.total, result.districts[place.district]]) {
        for (const key of Object.keys(ofPlace)) sum[key] += ofPlace[key];
      }
    }
    return result;
  }

  /** Whether this browser counts as the program did: then it may go on counting. */
  function agrees() {
    return data.standards.every((standard, index) => {
      const { total } = before[index];
      const isSameBand = !standard.band || (total.quick === standard.band.quick && total.slow === standard.band.slow);
      return total.people === standard.people && total.within === standard.within && mean(total) === standard.mean_seconds && isSameBand;
    });
  }

  /** The figures of places under a standard, counted here or as the program gave them. */
  function figuresOf(standard) {
    if (state.pathway !== null) return pathwayFigures(state.pathway);
    if (ground) return tally(standard, before[standard]);
    const places = data.standards[standard].places.map(([seconds, within], index) => {
      const count = data.groups[data.standards[standard].group][index];
      return { people: count, within, reached: seconds === null ? 0 : 1, sum: seconds === null ? 0 : seconds };
    });
    return { places, nearest: null };
  }

  // ---- Care pathways: the least time until the last stage, found as the program finds it.

  const isNew = (hospital) => hospital >= data.hospitals.length;
  const recipeOf = (hospital) => data.what_if.standards[state.opened[hospital - data.hospitals.length].standard].recipe;
  /** All hospitals that are open: today's that stay, then those that open. */
  function openHospitals() {
    const open = data.what_if.sites.filter((site) => !state.closed.has(site));
    state.opened.forEach((_, number) => open.push(data.hospitals.length + number));
    return open;
  }
  /** Where a hospital stands in the order of keys, by which ties are broken. */
  function rankOf(hospital) {
    if (!isNew(hospital)) return hospital;
    const key = newKeys()[hospital - data.hospitals.length];
    return data.hospitals.filter((known) => known.key < key).length - 0.5;
  }
  function newKeys() {
    const taken = new Set(data.hospitals.map((hospital) => hospital.key));
    let number = 0;
    return state.opened.map(() => {
      do number += 1; while (taken.has(`new-${number}`));
      return `new-${number}`;
    });
  }

  /** Seconds from all parts to a hospital: a list, and where in it they begin. */
  function columnTo(hospital) {
    if (isNew(hospital)) return { times: state.opened[hospital - data.hospitals.length].journeys, offset: 0 };
    return { times: ground.seconds, offset: ground.columnOf.get(hospital) * ground.rows };
  }
  function flightTo(hospital) {
    return ground.flights.get(hospital) ?? null;
  }
  const pointOfHospital = (hospital) => ground.rows + (isNew(hospital) ? state.opened[hospital - data.hospitals.length].place : data.places.length + ground.columnOf.get(hospital));
  function secondsBetween(from, to) {
    if (!isNew(from) && !isNew(to)) return ground.between[ground.columnOf.get(from) * data.what_if.sites.length + ground.columnOf.get(to)];
    const { crow } = data.what_if;
    return timeOver(metresBetween(ground.vectors, pointOfHospital(from), pointOfHospital(to)), bandsOf(crow), crow.cutoff);
  }

  /** Whether a hospital meets a need in some hours. */
  function meetsIn(need, hospital, less) {
    if (typeof need === "number") {
      if (isNew(hospital)) return recipeOf(hospital).leaves.includes(need);
      const leaf = ground.leaves[need];
      const able = less.get(need) ?? leaf.hospitals;
      return able.has(hospital) && !state.units.get(hospital)?.has(`${leaf.kind}:${leaf.key}`);
    }
    if (need.all) return need.all.every((part) => meetsIn(part, hospital, less));
    return need.any.some((part) => meetsIn(part, hospital, less));
  }

  /** Cooperations that run from the one to the other and work in an hour. */
  function linksIn(hour) {
    const closed = new Set(hour.closed);
    const working = data.cooperations.filter((link, index) => link.from !== undefined && !state.ended.has(index) && !closed.has(index) && (hour.day || !state.limited.has(index)));
    return working.concat(state.started.filter((link) => link.from !== undefined));
  }

  /** Who does which stage, and who is handed on to whom, in some hours. */
  function sceneOf(pathway, hour, open) {
    const less = new Map(hour.less.map(([leaf, able]) => [leaf, new Set(able)]));
    const isOpen = new Set(open);
    const links = linksIn(hour);
    const services = pathway.stages.map((stage) => {
      const bySite = new Map();
      const add = (hospital, service) => {
        if (bySite.has(hospital)) bySite.get(hospital).push(service);
        else bySite.set(hospital, [service]);
      };
      for (const way of stage.ways) {
        if (way.kind === "OnSite") {
          for (const hospital of open) if (meetsIn(way.site, hospital, less)) add(hospital, { delay: 0 });
          continue;
        }
        for (const link of links) {
          const serves = link.kind === way.kind && way.fields.every((field) => link.fields?.includes(field));
          if (!serves || !isOpen.has(link.from) || !meetsIn(way.remote, link.from, less)) continue;
          for (const site of link.to) {
            if (!isOpen.has(site) || !meetsIn(way.site, site, less)) continue;
            const term = link.term ?? way.term;
            if (way.kind !== "VisitingTeam") {
              add(site, { delay: term });
              continue;
            }
            const journey = secondsBetween(link.from, site);
            if (journey !== UNREACHED) add(site, { alert: way.alert, offset: term + journey });
          }
        }
      }
      return bySite;
    });
    const agreed = new Map();
    for (const link of links) {
      if (link.kind !== "Transfer" || !pathway.fields.some((field) => link.fields?.includes(field))) continue;
      for (const to of link.to) {
        const term = link.term ?? pathway.door_in_door_out;
        const key = `${link.from} ${to}`;
        agreed.set(key, Math.min(agreed.get(key) ?? Infinity, term));
      }
    }
    const usual = pathway.penalty === null ? Infinity : pathway.door_in_door_out + pathway.penalty;
    const transfers = new Map();
    for (const from of open) {
      const list = [];
      for (const to of open) {
        const term = Math.min(usual, agreed.get(`${from} ${to}`) ?? Infinity);
        const journey = to === from || term === Infinity ? UNREACHED : secondsBetween(from, to);
        if (journey !== UNREACHED) list.push({ to, term, journey });
      }
      transfers.set(from, list);
    }
    return { services, transfers };
  }

  // More stages done come before less time: both in one number.
  const BEYOND_ALL = 1e9;
  const rated = (stages, depth, time) => (stages - depth) * BEYOND_ALL + time;

  /** From every hospital, ready for a stage: the best way on, where no team waits for what was before. */
  function waysOn(pathway, scene) {
    const count = pathway.stages.length;
    const fresh = pathway.stages.map(() => new Map());
    const walk = (first, hospital, behind) => {
      let [best, ready] = [Infinity, behind];
      for (let stage = first; stage < count; stage += 1) {
        let start = Infinity;
        for (const service of scene.services[stage].get(hospital)) start = Math.min(start, service.delay !== undefined ? ready + service.delay : Math.max(ready, service.offset));
        const done = start + pathway.stages[stage].duration;
        if (stage + 1 === count) return Math.min(best, rated(count, count, done));
        let canFollow = scene.services[stage + 1].has(hospital);
        for (const { to, term, journey } of scene.transfers.get(hospital)) {
          const rest = fresh[stage + 1].get(to);
          if (rest === undefined) continue;
          canFollow = true;
          best = Math.min(best, Math.max(done, term) + journey + rest);
        }
        if (!canFollow) return Math.min(best, rated(count, stage + 1, done));
        if (!scene.services[stage + 1].has(hospital)) return best;
        ready = done;
      }
      return best;
    };
    for (let stage = count - 1; stage > 0; stage -= 1) {
      for (const hospital of scene.services[stage].keys()) fresh[stage].set(hospital, walk(stage, hospital, 0));
    }
    return (hospital, behind) => walk(0, hospital, behind);
  }

  /** The same where a team may have been alerted at an earlier stage: every way is followed. */
  function everyWayOn(pathway, scene, door, behind) {
    const count = pathway.stages.length;
    let best = Infinity;
    let states = [{ hospital: door, came: 0, ready: behind, ends: [] }];
    for (let stage = 0; stage < count; stage += 1) {
      const next = new Map();
      const keep = (state_) => {
        const known = next.get(state_.hospital) ?? [];
        const isNoLater = (a, b) => a.came <= b.came && a.ready <= b.ready && a.ends.every((end, index) => end <= b.ends[index]);
        if (known.some((kept) => isNoLater(kept, state_))) return;
        next.set(state_.hospital, [...known.filter((kept) => !isNoLater(state_, kept)), state_]);
      };
      for (const { hospital, came, ready, ends } of states) {
        for (const service of scene.services[stage].get(hospital)) {
          const alerted = service.alert ? ends[service.alert - 1] : came;
          const start = service.delay !== undefined ? ready + service.delay : Math.max(ready, alerted + service.offset);
          const done = start + pathway.stages[stage].duration;
          if (stage + 1 === count) {
            best = Math.min(best, rated(count, count, done));
            continue;
          }
          const after = [...ends, done];
          let canFollow = false;
          if (scene.services[stage + 1].has(hospital)) {
            canFollow = true;
            keep({ hospital, came, ready: done, ends: after });
          }
          for (const { to, term, journey } of scene.transfers.get(hospital)) {
            if (!scene.services[stage + 1].has(to)) continue;
            canFollow = true;
            const arrived = Math.max(done, came + term) + journey;
            keep({ hospital: to, came: arrived, ready: arrived, ends: after });
          }
          if (!canFollow) best = Math.min(best, rated(count, stage + 1, done));
        }
      }
      states = [...next.values()].flat();
    }
    return best;
  }

  /** By protocol (the nearest door, a free choice) the seconds of every part in some hours; -1 for no way. */
  function timesIn(pathway, hour, open) {
    const scene = sceneOf(pathway, hour, open);
    const less = new Map(hour.less.map(([leaf, able]) => [leaf, new Set(able)]));
    const isTeamAlerted = scene.services.some((bySite) => [...bySite.values()].some((list) => list.some((service) => service.alert)));
    const wayOn = isTeamAlerted ? (door, behind) => everyWayOn(pathway, scene, door, behind) : waysOn(pathway, scene);
    const doors = [...scene.services[0].keys()].sort((a, b) => rankOf(a) - rankOf(b));
    const isGate = (hospital) => pathway.door === 0 || scene.services.slice(1, pathway.door + 1).every((bySite) => bySite.has(hospital));
    const { parts } = ground;
    const arrivals = [];
    for (const leg of pathway.legs) {
      for (const door of doors) {
        const road = columnTo(door);
        const flight = leg.flies ? flightTo(door) : null;
        if (leg.flies && (!flight || !hour.flies || !meetsIn(data.what_if.care.flight.leaf, door, less))) continue;
        let times = road.times.subarray(road.offset, road.offset + parts);
        if (leg.flies) {
          times = flight.map((time, part) => (isWorthFlying(pathway, leg.before + time, times[part]) ? time : UNREACHED));
        }
        arrivals.push({ door, before: leg.before, times, rest: wayOn(door, leg.behind) });
      }
    }
    const free = new Float64Array(parts).fill(Infinity);
    for (const { before: start, times, rest } of arrivals) {
      for (let part = 0; part < parts; part += 1) {
        if (times[part] === UNREACHED) continue;
        const value = start + times[part] + rest;
        if (value < free[part]) free[part] = value;
      }
    }
    // Of doors that are equally near the first counts, by whatever means somebody gets there.
    const nearest = new Int32Array(parts).fill(-1);
    for (const list of [arrivals.filter((arrival) => isGate(arrival.door)), arrivals]) {
      const [soonest, found] = [new Float64Array(parts).fill(Infinity), new Int32Array(parts).fill(-1)];
      for (const { door, before: start, times } of list) {
        const order = doors.indexOf(door);
        for (let part = 0; part < parts; part += 1) {
          if (times[part] === UNREACHED) continue;
          const time = start + times[part];
          if (time < soonest[part] || (time === soonest[part] && order < found[part])) [soonest[part], found[part]] = [time, order];
        }
      }
      for (let part = 0; part < parts; part += 1) if (nearest[part] < 0) nearest[part] = found[part];
    }
    const prescribed = new Float64Array(parts).fill(Infinity);
    for (const { door, before: start, times, rest } of arrivals) {
      const order = doors.indexOf(door);
      for (let part = 0; part < parts; part += 1) {
        if (nearest[part] !== order || times[part] === UNREACHED) continue;
        prescribed[part] = Math.min(prescribed[part], start + times[part] + rest);
      }
    }
    // Who is not done with all stages has no time until the last one.
    return [prescribed, free].map((values) => Int32Array.from(values, (value) => (value < BEYOND_ALL ? value : -1)));
  }

  function isWorthFlying(pathway, time, byRoad) {
    if (byRoad === UNREACHED) return true;
    return pathway.legs.every((leg) => leg.flies || time + data.what_if.care.flight.least_gain <= leg.before + byRoad);
  }

  /** A pathway by hours, protocol and part; null for one with flights where nobody knows where everybody is. */
  function timesOf(pathway, open) {
    if (!ground.vectors && pathway.legs.some((leg) => leg.flies)) return null;
    // Hours of the day are others than those of the night only where something is limited to them.
    const times = new Map();
    return pathway.hours.map((hour) => {
      const key = JSON.stringify([hour.closed, hour.less, hour.flies, state.limited.size > 0 && hour.day]);
      if (!times.has(key)) times.set(key, timesIn(pathway, hour, open));
      return times.get(key);
    });
  }

  /** Mean seconds under a protocol. Sums are larger than what numbers of scripts hold exactly. */
  function meanOf(pathway, hours, protocol) {
    const counts = ground.groups[pathway.group];
    let [seconds, withWay] = [0n, 0n];
    hours.forEach((byProtocol, number) => {
      const times = byProtocol[protocol];
      let [sum, people_] = [0, 0];
      for (let part = 0; part < ground.parts; part += 1) {
        if (times[part] < 0) continue;
        people_ += counts[part];
        sum += counts[part] * times[part];
      }
      const share_ = BigInt(pathway.hours[number].share);
      seconds += BigInt(sum) * share_;
      withWay += BigInt(people_) * share_;
    });
    return withWay > 0n ? Number(seconds) / Number(withWay) : null;
  }

  /** People whose time falls, rises, begins and ends under a protocol; who is concerned at night only counts in part. */
  function movedIn(pathway, was, is, protocol) {
    const counts = ground.groups[pathway.group];
    const moved = { sooner: 0, later: 0, gained: 0, without: 0 };
    pathway.hours.forEach(({ share: share_ }, number) => {
      const [then, now] = [was[number][protocol], is[number][protocol]];
      for (let part = 0; part < ground.parts; part += 1) {
        if (then[part] === now[part] || counts[part] === 0) continue;
        const weight = counts[part] * share_;
        if (now[part] < 0) moved.without += weight;
        else if (then[part] < 0) moved.gained += weight;
        else if (now[part] < then[part]) moved.sooner += weight;
        else moved.later += weight;
      }
    });
    for (const key of Object.keys(moved)) moved[key] /= 1e6;
    return moved;
  }

  /** What of a pathway happens where somebody lives: people, in part where hours differ, and their seconds. */
  const noCare = () => ({ people: 0, within: 0, reached: 0, sum: 0, sooner: 0, later: 0, gained: 0, without: 0 });
  const NEAREST_DOOR = 0;

  /** The figures of a pathway where the rescue service goes to the nearest door: of all, by district, by place. */
  function careTally(pathway, was, is) {
    const counts = ground.groups[pathway.group];
    const result = { total: noCare(), districts: data.districts.map(noCare), places: data.places.map(noCare), nearest: null };
    pathway.hours.forEach(({ share: share_ }, number) => {
      const [then, now] = [was[number][NEAREST_DOOR], is[number][NEAREST_DOOR]];
      let part = 0;
      data.places.forEach((place, index) => {
        const of = noCare();
        for (const end = part + place.parts; part < end; part += 1) {
          const [count, from, to] = [counts[part], then[part], now[part]];
          of.people += count;
          if (to >= 0) {
            of.reached += count;
            of.sum += count * to;
          }
          if (from === to) continue;
          if (to < 0) of.without += count;
          else if (from < 0) of.gained += count;
          else if (to < from) of.sooner += count;
          else of.later += count;
        }
        of.within = of.reached;
        for (const sum of [result.places[index], result.districts[place.district], result.total]) {
          for (const key of Object.keys(of)) sum[key] += of[key] * share_;
        }
      });
    });
    // Shares of hours are millionths.
    for (const sum of [result.total, ...result.districts, ...result.places]) {
      for (const key of Object.keys(sum)) sum[key] /= 1e6;
    }
    return result;
  }
  const pathwayFigures = (number) => careTally(data.what_if.care.pathways[number], careBefore[number], careOf(number));

  /** Pathways as they are today, worked out once. */
  const figuresToday = new Map();
  function todayOf(number) {
    if (!figuresToday.has(number)) figuresToday.set(number, careTally(data.what_if.care.pathways[number], careBefore[number], careBefore[number]));
    return figuresToday.get(number);
  }

  /** Ends of the steps of colour, in minutes: of today's times, so that a change shows in the same colours. */
  const stepsOfPathways = new Map();
  function stepsOf(number) {
    if (stepsOfPathways.has(number)) return stepsOfPathways.get(number);
    const means = todayOf(number).places.filter((of) => of.reached > 0).map((of) => mean(of) / 60).sort((a, b) => a - b);
    const [least, most] = [0.05, 0.95].map((share_) => means[Math.floor(share_ * (means.length - 1))] ?? 0);
    const widths = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480];
    const count = data.steps.length;
    const width = widths.find((tried) => Math.ceil(least / tried) * tried + (count - 1) * tried >= most) ?? 1440;
    const first = Math.max(Math.ceil(least / width), 1) * width;
    const steps = data.steps.map((_, step) => first + step * width);
    stepsOfPathways.set(number, steps);
    return steps;
  }

  // ---- Where the cases of a year go: shares by beds and journey, as in the program.

  function median(numbers) {
    const sorted = numbers.slice().sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return (lower + upper) / 2;
  }

  /** What each open hospital treats: by stream its department, and the beds that count for it (null: unknown). */
  function treatingOf(hospital) {
    const { flows, sites } = data.what_if;
    const departments = new Map();
    if (isNew(hospital)) {
      for (const key of recipeOf(hospital).departments) departments.set(key, null);
    } else {
      const gone = state.units.get(hospital);
      for (const [number, beds] of flows.hospitals[sites.indexOf(hospital)].departments) {
        const key = flows.departments[number];
        if (!gone?.has(`s:${key}`)) departments.set(key, beds);
      }
    }
    const treating = flows.streams.map(({ key, broader }) => (departments.has(key) ? key : broader !== null && departments.has(broader) ? broader : null));
    const days = new Map();
    treating.forEach((department, number) => days.set(department, (days.get(department) ?? 0) + flows.streams[number].days));
    const beds = treating.map((department, number) => {
      if (department === null || departments.get(department) === null) return null;
      const ofAll = days.get(department);
      return departments.get(department) * (ofAll > 0 ? flows.streams[number].days / ofAll : 1);
    });
    return { treating, beds, departments };
  }

  /** How strongly each open hospital draws the patients of each stream. */
  function attractionsOf(open, treated) {
    const { flows, sites } = data.what_if;
    const attraction = open.map(() => new Float64Array(flows.streams.length));
    flows.streams.forEach((stream, number) => {
      const known = treated.map(({ beds }) => beds[number]).filter((beds) => beds !== null && beds > 0);
      const middle = median(known) ?? 1;
      open.forEach((hospital, row) => {
        if (treated[row].treating[number] === null) return;
        const beds = treated[row].beds[number] ?? middle;
        const draw = stream.key === "intensive_care" ? (isNew(hospital) ? recipeOf(hospital) : flows.hospitals[sites.indexOf(hospital)]).draw : 1;
        // Shares hang on proportions alone: as long as they are the same, the unit is nobody's concern.
        if (beds > 0) attraction[row][number] = beds ** flows.beds_exponent * draw;
      });
    });
    return attraction;
  }

  /** Cases of each part by stream: the parts of a place share them evenly. */
  function casesOfParts(count) {
    const { flows } = data.what_if;
    const places = data.places.map((place) => place.parts).concat(flows.outside);
    const each = new Float64Array(ground.rows * count);
    let row = 0;
    places.forEach((parts, place) => {
      for (const end = row + parts; row < end; row += 1) {
        flows.streams.forEach(({ column, factor }, number) => { each[row * count + number] = (ground.cases[column * places.length + place] * factor) / parts; });
      }
    });
    return each;
  }

  /** Cases and occupancy of every open hospital, by its number. */
  function loadsNow() {
    const { flows } = data.what_if;
    const open = openHospitals();
    const treated = open.map(treatingOf);
    const count = flows.streams.length;
    const attraction = attractionsOf(open, treated);

    const { rows } = ground;
    const decays = open.map((hospital) => {
      const { times, offset } = columnTo(hospital);
      return isNew(hospital) ? Float64Array.from(times, decayAfter) : ground.decay.subarray(offset, offset + rows);
    });
    // What all hospitals attract together is made once; after that only those count that draw otherwise than then.
    const isFirst = ground.pull === undefined;
    if (isFirst) {
      ground.casesOfParts = casesOfParts(count);
      ground.pull = new Float64Array(rows * count);
      ground.attraction = new Map();
    }
    const pull = ground.pull.slice();
    const each = ground.casesOfParts.slice();
    const change = (decay, weights, sign) => {
      const drawing = [...weights.keys()].filter((stream) => weights[stream] !== 0);
      if (drawing.length === 0) return;
      for (let part = 0; part < rows; part += 1) {
        if (decay[part] === 0) continue;
        for (const stream of drawing) pull[part * count + stream] += sign * weights[stream] * decay[part];
      }
    };
    const isHere = new Set(open);
    for (const [hospital, weights] of ground.attraction) {
      if (isHere.has(hospital)) continue;
      const { offset } = columnTo(hospital);
      change(ground.decay.subarray(offset, offset + rows), weights, -1);
    }
    open.forEach((hospital, number) => {
      const then = ground.attraction.get(hospital);
      change(decays[number], then ? attraction[number].map((weight, stream) => weight - then[stream]) : attraction[number], 1);
    });
    if (isFirst) {
      ground.pull.set(pull);
      open.forEach((hospital, number) => ground.attraction.set(hospital, attraction[number]));
    }
    const cases = open.map(() => new Float64Array(count));
    for (let cell_ = 0; cell_ < each.length; cell_ += 1) {
      if (each[cell_] === 0) continue;
      // What is left of a large number after another one may be nothing but rounding: then it is summed up anew.
      let all = pull[cell_];
      if (all < ground.pull[cell_] * 1e-6) {
        const [part, stream] = [Math.floor(cell_ / count), cell_ % count];
        all = open.reduce((sum, _, number) => sum + attraction[number][stream] * decays[number][part], 0);
      }
      if (all > 0) each[cell_] /= all;
      else {
        // Where nobody with a bed is in reach, the nearest that treats it at all takes everybody.
        const [part, stream] = [Math.floor(cell_ / count), cell_ % count];
        let [best, nearest] = [UNREACHED, -1];
        open.forEach((hospital, number) => {
          const { times, offset } = columnTo(hospital);
          if (treated[number].treating[stream] !== null && times[offset + part] < best) [best, nearest] = [times[offset + part], number];
        });
        if (nearest >= 0) cases[nearest][stream] += each[cell_];
        each[cell_] = 0;
      }
    }
    open.forEach((_, number) => {
      const [weights, decay, sums] = [attraction[number], decays[number], cases[number]];
      const drawing = [...weights.keys()].filter((stream) => weights[stream] > 0);
      for (let part = 0; part < rows; part += 1) {
        if (decay[part] === 0) continue;
        for (const stream of drawing) sums[stream] += weights[stream] * decay[part] * each[part * count + stream];
      }
    });
    return new Map(open.map((hospital, number) => [hospital, loadOf(hospital, treated[number], cases[number])]));
  }

  /** The sums of a hospital over its departments. */
  function loadOf(hospital, { treating, departments }, cases) {
    const { flows, sites } = data.what_if;
    const beyond = isNew(hospital) ? 0 : flows.hospitals[sites.indexOf(hospital)].beyond ?? 0;
    let [all, days, beds] = [0, 0, 0];
    flows.streams.forEach(({ stay }, stream) => {
      all += cases[stream];
      if (treating[stream] !== null && departments.get(treating[stream]) !== null) days += cases[stream] * (1 + beyond) * stay;
    });
    for (const department of new Set(treating)) if (department !== null) beds += departments.get(department) ?? 0;
    return { cases: all, occupancy: beds > 0 ? days / (beds * 365) : null };
  }

  /** What changed last, and what it came to: another standard or a look at a place changes nothing of it. */
  let counted = { key: null, care: new Map(), loads: null };
  function keyOfChanges() {
    const opened = state.opened.map(({ place, standard }) => [place, standard]);
    return JSON.stringify([[...state.closed], [...state.units].map(([hospital, gone]) => [hospital, ...gone]), opened, [...state.ended], [...state.limited], state.started]);
  }
  function countedNow() {
    const key = keyOfChanges();
    if (counted.key !== key) counted = { key, care: new Map(), loads: null };
    return counted;
  }
  /** A pathway after the changes. */
  function careOf(number) {
    if (!changesNetwork()) return careBefore[number];
    const { care } = countedNow();
    if (!care.has(number)) care.set(number, timesOf(data.what_if.care.pathways[number], openHospitals()));
    return care.get(number);
  }
  function countCare() {
    const now = countedNow();
    const care = careBefore && careBefore.map((_, number) => careOf(number));
    // Cooperations move nobody who is not a patient of a pathway.
    now.loads ??= loadsBefore && changesCare() ? loadsNow() : loadsBefore;
    now.isWhole = true;
    return { care, loads: now.loads };
  }

  /** Whether care pathways and cases come out as in the program. */
  function readCareBefore() {
    const { care, flows, sites } = data.what_if;
    careBefore = care.pathways.map((pathway) => timesOf(pathway, openHospitals()));
    const isEqual = care.pathways.every((pathway, number) => {
      const hours = careBefore[number];
      return !hours || pathway.expected.every((expected, protocol) => meanOf(pathway, hours, protocol) === expected);
    });
    if (!isEqual) careBefore = null;
    if (!flows) return;
    loadsBefore = loadsNow();
    // Sums of thousands of shares end in other digits by their order: ten digits are equal.
    const isClose = sites.every((site, column) => Math.abs(loadsBefore.get(site).cases - flows.hospitals[column].cases) <= 1e-9 * (1 + flows.hospitals[column].cases));
    if (!isClose) loadsBefore = null;
  }

  // ---- The map.

  const map = byId("map");
  const frame = byId("frame");
  const whole = map.getAttribute("viewBox").split(" ").map(Number);
  let view = whole.slice();
  let figures = null;
  const placePaths = data.places.map((_, index) => byId(`p${index}`));
  const symbols = data.hospitals.map((_, index) => byId(`h${index}`));

  // Titles are for pages without scripts: names are read from labels, and shown at the pointer.
  for (const title of map.querySelectorAll("title")) {
    const owner = title.parentNode;
    const cooperation = owner.matches(".arc") ? data.cooperations[Number(owner.dataset.c)] : null;
    // What it changes is said where it is drawn; a name needs a role that can have one.
    const hours = cooperation?.hours;
    const effect = hours === null || hours === undefined ? "" : `, ${fill(texts.arcEffect, { hours: hours < 0 ? `-${fixed(-hours, 1)}` : fixed(hours, 1) })}`;
    owner.setAttribute("aria-label", title.textContent + effect);
    if (cooperation) owner.setAttribute("role", "img");
    title.remove();
  }
  const tip = element("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  frame.append(tip);

  function stepOf(seconds) {
    if (seconds === null) return data.steps.length + 1;
    const steps = state.pathway === null ? data.steps : stepsOf(state.pathway);
    return steps.filter((end) => seconds / 60 > end).length;
  }

  const shownPathway = () => (state.pathway === null ? null : data.what_if.care.pathways[state.pathway]);
  const nameOfShown = () => (shownPathway() ?? data.standards[state.standard])?.name;

  function placeWords(index) {
    const place = data.places[index];
    const words = [`${place.name}: ${people(place.people)} ${texts.people}`];
    // A catalog may have no standard.
    if (!figures) return words[0];
    const of = figures.places[index];
    const [name, pathway] = [nameOfShown(), shownPathway()];
    if (of.people === 0) words.push(`${name}: ${texts.nobody}`);
    else if (of.reached === 0) words.push(`${name}: ${pathway ? texts.noneDone : texts.noWay}`);
    else words.push(`${name}: ${texts.mean} ${minutes(mean(of))} ${texts.minutes}`);
    if (of.people > of.within) words.push(`${people(of.people - of.within)} ${pathway ? texts.peopleWithoutWay : texts.beyond}`);
    return words.join(", ");
  }

  function hospitalWords(index) {
    const hospital = data.hospitals[index];
    const words = [hospital.name, data.abouts[hospital.about]];
    if (hospital.outside) words.push(texts.outside);
    words.push(hospital.beds === undefined ? texts.bedsUnknown : `${people(hospital.beds)} ${texts.beds}`);
    const pathway = shownPathway();
    const asked = pathway ? `${pathway.name}, ${pathway.ends}` : nameOfShown();
    const [does, doesNot] = pathway ? [texts.doesLast, texts.doesNotLast] : [texts.qualifies, texts.doesNot];
    if (asked) words.push(`${asked}: ${isMetNow(index) ? does : doesNot}`);
    if (state.closed.has(index)) words.push(texts.closed);
    return words.join(", ");
  }

  /** Whether a hospital does the last stage of a pathway with its own means, in some hours. */
  function doesLast(pathway, hospital) {
    const { ways } = pathway.stages[pathway.stages.length - 1];
    return !state.closed.has(hospital) && ways.some((way) => way.kind === "OnSite" && meetsIn(way.site, hospital, new Map()));
  }

  function isMetNow(hospital) {
    if (state.pathway !== null) return doesLast(shownPathway(), hospital);
    const standard = data.standards[state.standard];
    if (!standard || !standard.meets.includes(hospital) || state.closed.has(hospital)) return false;
    return !ground || isOpenFor(state.standard, hospital);
  }

  function drawMap() {
    if (nameOfShown() === undefined) return;
    figures = figuresOf(state.standard);
    drawLegend();
    const marks = byId("hatches");
    marks.replaceChildren();
    const changed = new Set();
    const outline = (index, kind) => {
      if (kind === "lost" || kind === "won") changed.add(index);
      const copy = drawing("path", { d: placePaths[index].getAttribute("d"), class: `outline ${kind}` });
      marks.append(copy);
    };
    placePaths.forEach((path, index) => {
      const of = figures.places[index];
      path.setAttribute("class", `place c${stepOf(mean(of))}`);
      path.setAttribute("aria-label", placeWords(index));
      const beyond = of.people - of.within;
      if (beyond > 0) {
        const copy = drawing("path", { d: path.getAttribute("d"), class: beyond * 2 > of.people ? "hatch most" : "hatch" });
        marks.append(copy);
      }
    });
    // Of the change that the page is about; once something is changed in the page, that alone is marked.
    const shifts = state.pathway === null ? data.change?.standards[state.standard] : data.change?.pathways[shownPathway().key];
    const shift = hasChanged() ? null : shifts;
    shift?.lost.forEach((index) => outline(index, "lost"));
    shift?.won.forEach((index) => outline(index, "won"));
    if (state.pathway !== null) {
      figures.places.forEach((of, index) => {
        const more = of.later + of.without - of.sooner - of.gained;
        if (more > 0) outline(index, "lost");
        if (more < 0) outline(index, "won");
      });
    } else if (ground) {
      const earlier = before[state.standard].places;
      figures.places.forEach((of, index) => {
        const more = earlier[index].within - of.within;
        if (more > 0) outline(index, "lost");
        if (more < 0) outline(index, "won");
      });
    }
    if (state.chosen?.hospital !== undefined) {
      catchmentOf(state.chosen.hospital).places.forEach((index) => outline(index, "catchment"));
    }
    if (state.chosen?.place !== undefined) outline(state.chosen.place, "chosen");
    // Whoever sees them marked asks first what they are called.
    const isNamed = changed.size === named.size && [...changed].every((index) => named.has(index));
    named = changed;
    if (!isNamed && spots.length > 0) drawLabels(unitsPerPixel());
    symbols.forEach((symbol, index) => {
      if (!symbol) return;
      symbol.classList.toggle("meets", isMetNow(index));
      symbol.classList.toggle("closed", state.closed.has(index));
      symbol.classList.toggle("chosen", state.chosen?.hospital === index);
      symbol.setAttribute("aria-label", hospitalWords(index));
    });
    for (const arc of map.querySelectorAll(".arc")) arc.classList.toggle("ended", state.ended.has(Number(arc.dataset.c)));
    drawOpened();
  }

  /** What colours and marks mean, for a standard or for the pathway that is shown. */
  const legendOfStandards = [...document.querySelectorAll(".legend [data-legend]")].map((words) => [words, words.textContent]);
  function drawLegend() {
    const pathway = shownPathway();
    for (const [words, ofStandards] of legendOfStandards) {
      const ofPathways = pathway && (words.dataset.legend === "step" ? stepWords(Number(words.dataset.step)) : texts[`legend_${words.dataset.legend}`]);
      words.textContent = pathway ? fill(ofPathways, { pathway: pathway.name, stage: pathway.ends }) : ofStandards;
    }
  }
  /** The words of a step, as the program writes them. */
  function stepWords(number) {
    const steps = stepsOf(state.pathway);
    if (number === steps.length) return `> ${steps[number - 1]}`;
    return number === 0 ? `≤ ${steps[0]}` : `${steps[number - 1]} – ${steps[number]}`;
  }

  let drawnOpened = 0;
  function drawOpened() {
    for (const old of map.querySelectorAll(".fresh")) old.remove();
    for (const opened of state.opened) {
      const box = placePaths[opened.place].getBBox();
      const group = drawing("g", { class: "hospital meets fresh", transform: `translate(${box.x + box.width / 2} ${box.y + box.height / 2})` });
      const symbol = drawing("g", { class: "symbol" });
      symbol.append(drawing("path", { d: "M-3 -10h6v7h7v6h-7v7h-6v-7h-7v-6h7z" }));
      group.append(symbol);
      byId("hospitals").append(group);
    }
    // Names make room for what opens.
    if (drawnOpened !== state.opened.length) drawLabels(unitsPerPixel());
    drawnOpened = state.opened.length;
  }

  /** Places in which a hospital is the nearest to most people, and the people to whom it is the nearest. */
  function catchmentOf(hospital) {
    const found = { people: 0, places: [] };
    if (data.standards.length === 0 || state.pathway !== null) return found;
    if (!ground) {
      data.standards[state.standard].places.forEach(([, , nearest], index) => {
        if (nearest === hospital) found.places.push(index);
      });
      return found;
    }
    const counts = ground.groups[data.standards[state.standard].group];
    let part = 0;
    data.places.forEach((place, index) => {
      let inPlace = 0;
      for (const end = part + place.parts; part < end; part += 1) {
        if (figures.nearest[part] === hospital) inPlace += counts[part];
      }
      found.people += inPlace;
      if (inPlace * 2 > figures.places[index].people) found.places.push(index);
    });
    return found;
  }

  // ---- Moving and zooming.

  /** Units of the map a pixel of the screen. */
  const unitsPerPixel = () => {
    const matrix = map.getScreenCTM();
    return matrix && matrix.a > 0 ? 1 / matrix.a : view[2] / 1000;
  };

  function show(next, given) {
    const width = Math.min(Math.max(next[2], whole[2] / 60), whole[2] * 4);
    const height = (width * whole[3]) / whole[2];
    const clamp = (value, from, size, span) => Math.min(Math.max(value, from - span), from + size);
    view = [clamp(next[0], whole[0], whole[2], width), clamp(next[1], whole[1], whole[3], height), width, height];
    map.setAttribute("viewBox", view.map((number) => Math.round(number * 10) / 10).join(" "));
    frame.classList.toggle("zoomed", width < whole[2] * 0.99);
    fit(given ?? unitsPerPixel());
  }

  /** How large symbols are drawn: many of them would hide the map until somebody looks closer. */
  const isCrowded = map.classList.contains("many");
  const symbolSize = () => (isCrowded ? Math.min(Math.max((0.4 * whole[2]) / view[2], 0.4), 1) : 1);

  function fit(unit) {
    map.style.setProperty("--k", unit);
    map.style.setProperty("--s", symbolSize());
    for (const side of ["markerWidth", "markerHeight"]) byId("arrow").setAttribute(side, 9 * unit);
    drawScale(unit);
    drawLabels(unit);
  }

  function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
    const width = Math.min(Math.max(view[2] * factor, whole[2] / 60), whole[2] * 4);
    const real = width / view[2];
    show([x - (x - view[0]) * real, y - (y - view[1]) * real, width, view[3] * real]);
  }
  const pan = (x, y) => show([view[0] + x * view[2], view[1] + y * view[3], view[2], view[3]]);

  function pointOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  const pointers = new Map();
  let isDragged = false;
  frame.addEventListener("pointerdown", (event) => {
    if (pointers.size === 0) isDragged = false;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, startX: event.clientX, startY: event.clientY });
  });
  frame.addEventListener("pointermove", (event) => {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return;
    const [moveX, moveY] = [event.clientX - pointer.x, event.clientY - pointer.y];
    if (!isDragged && Math.hypot(event.clientX - pointer.startX, event.clientY - pointer.startY) < 6) return;
    // Only now: a captured pointer would take the click away from what it is on.
    if (!isDragged) frame.setPointerCapture(event.pointerId);
    isDragged = true;
    const unit = unitsPerPixel();
    if (pointers.size === 1) {
      show([view[0] - moveX * unit, view[1] - moveY * unit, view[2], view[3]]);
    } else {
      const fixedPoint = [...pointers].find(([id]) => id !== event.pointerId)[1];
      const was = Math.hypot(pointer.x - fixedPoint.x, pointer.y - fixedPoint.y);
      const is = Math.hypot(event.clientX - fixedPoint.x, event.clientY - fixedPoint.y);
      if (is > 0 && was > 0) zoom(was / is, ...pointOf({ clientX: fixedPoint.x, clientY: fixedPoint.y }));
    }
    [pointer.x, pointer.y] = [event.clientX, event.clientY];
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    frame.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }
  frame.addEventListener("wheel", (event) => {
    // Farther out than all there is nothing to see: the page scrolls on.
    if (event.deltaY > 0 && view[2] >= whole[2]) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, ...pointOf(event));
  }, { passive: false });

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
    if (moves[event.key]) pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") zoom(0.7);
    else if (event.key === "-") zoom(1 / 0.7);
    else if (event.key === "0") show(whole);
    else if (event.key === "Enter" || event.key === " ") choose(event.target);
    else return;
    event.preventDefault();
  });
  frame.addEventListener("click", (event) => {
    if (!isDragged) choose(event.target);
  });

  /** The place or hospital that an element belongs to. */
  function meaningOf(target) {
    const owner = target.closest?.(".place, .hospital");
    if (!owner?.id) return null;
    const number = Number(owner.id.slice(1));
    return owner.id[0] === "p" ? { place: number } : { hospital: number };
  }
  function choose(target) {
    const meaning = meaningOf(target);
    if (!meaning) return;
    state.chosen = meaning;
    update();
  }
  frame.addEventListener("pointerover", (event) => {
    const owner = event.target.closest?.(".place, .hospital, .arc");
    tip.hidden = !owner;
    if (owner) tip.textContent = owner.getAttribute("aria-label") ?? texts.new;
  });
  frame.addEventListener("pointerleave", () => { tip.hidden = true; });
  frame.addEventListener("pointermove", (event) => {
    const box = frame.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 14, Math.max(box.width - 250, 4));
    tip.style.left = `${left}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  });
  // Whoever comes by Tab sees what is read out, and the map follows to what lies beyond its edge.
  frame.addEventListener("focusin", (event) => {
    const owner = event.target.closest?.(".place, .hospital");
    if (!owner || !owner.matches(":focus-visible")) return;
    const [box, outer] = [owner.getBoundingClientRect(), frame.getBoundingClientRect()];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const isSeen = x > outer.left && x < outer.right && y > outer.top && y < outer.bottom;
    if (!isSeen) {
      const [toX, toY] = pointOf({ clientX: x, clientY: y });
      show([toX - view[2] / 2, toY - view[3] / 2, view[2], view[3]]);
    }
    const [left, top] = isSeen ? [x - outer.left, y - outer.top] : [outer.width / 2, outer.height / 2];
    tip.textContent = owner.getAttribute("aria-label");
    tip.hidden = false;
    tip.style.left = `${Math.min(left + 10, Math.max(outer.width - 250, 4))}px`;
    tip.style.top = `${top + 12}px`;
  });
  frame.addEventListener("focusout", () => { tip.hidden = true; });

  function drawScale(unit) {
    const metres = Number(map.dataset.metres);
    const longest = 130 * unit * metres;
    const power = 10 ** Math.floor(Math.log10(longest));
    const length = [5, 2, 1].map((step) => step * power).find((step) => step <= longest);
    const scale = byId("scale");
    const wide = length / metres;
    const bottom = view[1] + view[3] - 14 * unit;
    scale.setAttribute("transform", `translate(${view[0] + 14 * unit} ${bottom})`);
    scale.querySelector("path").setAttribute("d", `M0 ${-5 * unit}V0H${wide}V${-5 * unit}`);
    scale.querySelector("g").setAttribute("transform", `translate(${wide - 4 * unit} ${-5 * unit})`);
    scale.querySelector("text").textContent = length >= 1000 ? `${length / 1000} ${texts.km}` : `${length} m`;
  }

  // Names where there is room for them: districts first, then places by people; none may touch another or a symbol.
  const spots = [];
  // Places that a change concerns: their names come before all others.
  let named = new Set();
  function gatherSpots() {
    const districts = data.districts.map((name) => ({ name: name.toUpperCase(), x: 0, y: 0, people: 0, isDistrict: true }));
    const places = data.places.map((place, index) => {
      const box = placePaths[index].getBBox();
      const spot = { index, name: place.name, x: box.x + box.width / 2, y: box.y + box.height / 2, people: place.people, width: box.width, isDisc: placePaths[index].getAttribute("d").includes("a") };
      const district = districts[place.district];
      const weight = place.people + 1;
      district.x += spot.x * weight;
      district.y += spot.y * weight;
      district.people += weight;
      return spot;
    });
    places.sort((a, b) => b.people - a.people);
    for (const district of districts) {
      if (district.people === 0 || district.name === "") continue;
      district.x /= district.people;
      district.y /= district.people;
      spots.push(district);
    }
    spots.push(...places);
  }
  function drawLabels(unit) {
    const labels = byId("labels");
    labels.replaceChildren();
    const taken = [];
    for (const symbol of map.querySelectorAll("#hospitals > g")) {
      const at = symbol.getAttribute("transform").match(/translate\((\S+) (\S+)\)/);
      if (at) taken.push({ x: Number(at[1]), y: Number(at[2]), w: 11 * unit * symbolSize(), h: 10 * unit * symbolSize() });
    }
    // A disc is small beside its name, and must not lie under one.
    for (const spot of spots) {
      if (spot.isDisc) taken.push({ x: spot.x, y: spot.y, w: spot.width / 2, h: spot.width / 2 });
    }
    let left = 70;
    const isNamed = (spot) => named.has(spot.index);
    for (const spot of [...spots.filter(isNamed), ...spots.filter((spot) => !isNamed(spot))]) {
      const isOut = spot.x < view[0] || spot.x > view[0] + view[2] || spot.y < view[1] || spot.y > view[1] + view[3];
      if (isOut || left === 0) continue;
      const half = spot.name.length * (spot.isDistrict ? 5.8 : 3.8) * unit;
      // A name that is much wider than its place would be read as that of a neighbour.
      if (!spot.isDistrict && !spot.isDisc && half * 2 > spot.width * (isNamed(spot) ? 2.5 : 1.25)) continue;
      const height = 8 * unit;
      const beside = spot.isDisc ? spot.width / 2 / unit + 10 : 15;
      const shifts = spot.isDistrict ? [0, -26, 26, -52, 52, -78, 78] : spot.isDisc ? [beside, -beside] : [0, beside, -beside];
      const shift = shifts.find((tried) => taken.every((box) => {
        const y = spot.y + tried * unit;
        return Math.abs(box.x - spot.x) > box.w + half || Math.abs(box.y - y) > box.h + height;
      }));
      if (shift === undefined) continue;
      const y = spot.y + shift * unit;
      if (spot.x - half < view[0] || spot.x + half > view[0] + view[2]) continue;
      taken.push({ x: spot.x, y, w: half, h: height });
      const place = drawing("g", { transform: `translate(${spot.x} ${y})` });
      const label = drawing("g", { class: spot.isDistrict ? "label district" : "label" });
      const text = drawing("text", { y: 4 });
      text.textContent = spot.name;
      label.append(text);
      place.append(label);
      labels.append(place);
      left -= 1;
    }
  }

  // ---- What is chosen.

  // What is changed is counted here, or asked of the program that shows the page.
  const canChange = () => Boolean(ground || data.ask);
  const recipeFields = (standard) => (ground ? data.what_if.standards[standard].recipe?.fields : data.ask.recipes[standard]);
  const fieldsOfCooperations = () => (ground ? data.what_if.care : data.ask).fields;

  function drawChosen() {
    const body = byId("chosen-body");
    if (!state.chosen) return;
    body.replaceChildren(...(state.chosen.place !== undefined ? aboutPlace(state.chosen.place) : aboutHospital(state.chosen.hospital)));
  }

  function aboutHospital(index) {
    const hospital = data.hospitals[index];
    const parts = [element("h4", {}, hospital.name), element("p", {}, hospitalWords(index).slice(hospital.name.length + 2))];
    const catchment = catchmentOf(index);
    if (ground && state.pathway === null && isMetNow(index)) parts.push(element("p", {}, `${texts.catchment}: ${people(catchment.people)} ${texts.people}`));
    if (!canChange()) return parts;
    const isClosed = state.closed.has(index);
    parts.push(element("button", {
      type: "button", "data-focus": "close",
      onclick: () => {
        if (!state.closed.delete(index)) state.closed.add(index);
        update();
      },
    }, isClosed ? texts.reopen : texts.close));
    if (!isClosed) parts.push(startForm(index));
    // The program knows opening hours; the page alone does not.
    const isTimed = hospital.timed && ground;
    if (isTimed) parts.push(element("p", { class: "help" }, texts.timed));
    if (isClosed || isTimed) return parts;
    const units = hospital.units.map((unit) => data.units[unit]);
    if (units.length === 0) return parts;
    parts.push(element("h4", {}, texts.departments));
    const list = element("ul");
    for (const [unit, name] of units) {
      const box = element("input", {
        type: "checkbox", "data-focus": unit, "data-unit": unit, checked: !state.units.get(index)?.has(unit),
        onchange: () => { toggleUnit(index, unit); update(); },
      });
      list.append(element("li", {}, element("label", {}, box, ` ${name}`)));
    }
    parts.push(list);
    return parts;
  }

  const DIRECTED = ["Telemedicine", "Transfer", "VisitingTeam", "CentralService"];
  const MUTUAL = ["SharedOnCall", "SharedBeds", "StaffPool"];

  /** A cooperation that this hospital gives or sends, to another one, in a field. */
  function startForm(index) {
    const fields = fieldsOfCooperations();
    const choose_ = (id, options) => element("select", { id, "data-focus": id }, ...options.map(([value, words]) => element("option", { value }, words)));
    const kind = choose_("start-kind", [...DIRECTED, ...MUTUAL].map((name) => [name, texts[`kind${name}`]]));
    const partners = [...data.hospitals.keys()].filter((other) => other !== index && !state.closed.has(other));
    partners.sort((a, b) => Number(Boolean(data.hospitals[a].outside)) - Number(Boolean(data.hospitals[b].outside)));
    const to = choose_("start-to", partners.map((other) => [other, data.hospitals[other].name]));
    const field = choose_("start-field", []);
    // Nobody helps with what they do not have themselves; what partners share, and who is handed on, may be anything.
    const offerFields = () => {
      const isHelp = DIRECTED.includes(kind.value) && kind.value !== "Transfer";
      const offered = fields.filter(({ hospitals }) => !isHelp || hospitals.includes(index));
      field.replaceChildren(...offered.map(({ key, name }) => element("option", { value: key }, name)));
      button.disabled = offered.length === 0;
    };
    const button = element("button", {
      type: "button", "data-focus": "start",
      onclick: () => {
        const parties = MUTUAL.includes(kind.value) ? { partners: [index, Number(to.value)] } : { from: index, to: [Number(to.value)] };
        state.started.push({ kind: kind.value, fields: [field.value], ...parties });
        update();
      },
    }, texts.startButton);
    kind.addEventListener("change", offerFields);
    offerFields();
    const line = (words, control) => element("p", { class: "line" }, element("label", {}, `${words} `, control));
    const form = element("details", {}, element("summary", {}, texts.start));
    form.append(line(texts.startKind, kind), line(texts.startTo, to), line(texts.startField, field), button);
    if (partners.length === 0 || fields.length === 0) form.hidden = true;
    form.open = Boolean(state.isStarting);
    form.addEventListener("toggle", () => { state.isStarting = form.open; });
    return form;
  }

  function toggleUnit(hospital, unit) {
    const gone = state.units.get(hospital) ?? new Set();
    if (!gone.delete(unit)) gone.add(unit);
    if (gone.size > 0) state.units.set(hospital, gone);
    else state.units.delete(hospital);
  }

  function aboutPlace(index) {
    const place = data.places[index];
    const parts = [element("h4", {}, place.name), element("p", {}, placeWords(index).slice(place.name.length + 2))];
    if (data.districts[place.district]) parts.push(element("p", {}, data.districts[place.district]));
    if (!canChange()) return parts;
    if (ground && !ground.vectors) {
      parts.push(element("p", { class: "help" }, texts.cannotOpen));
      return parts;
    }
    const choice = element("select", { id: "open-standard", "data-focus": "open-standard" });
    data.standards.forEach((standard, number) => {
      if (recipeFields(number)) {
        choice.append(element("option", { value: number, selected: number === state.standard }, standard.name));
      }
    });
    if (choice.options.length === 0) return parts;
    parts.push(element("p", {}, element("label", {}, `${texts.open} `, choice), " ", element("button", {
      type: "button", "data-focus": "open",
      onclick: () => {
        state.opened.push({ place: index, standard: Number(choice.value), journeys: ground && journeysTo(ground.rows + index, ground.vectors, ground.rows) });
        update();
      },
    }, texts.openButton)));
    return parts;
  }

  // ---- Changes and their effect.

  function changeList() {
    const changes = [];
    const nameOf = (hospital) => data.hospitals[hospital].name;
    for (const hospital of state.closed) {
      changes.push([fill(texts.changeClosed, { name: nameOf(hospital) }), () => state.closed.delete(hospital)]);
    }
    for (const [hospital, gone] of state.units) {
      for (const unit of gone) {
        const name = data.units.find(([key]) => key === unit)?.[1] ?? unit;
        changes.push([fill(texts.changeUnit, { name: nameOf(hospital), unit: name }), () => toggleUnit(hospital, unit)]);
      }
    }
    for (const opened of state.opened) {
      const words = fill(texts.changeOpened, { place: data.places[opened.place].name, standard: data.standards[opened.standard].name });
      changes.push([words, () => { state.opened = state.opened.filter((kept) => kept !== opened); }]);
    }
    for (const index of state.ended) {
      const { key, hours } = data.cooperations[index];
      const effect = careBefore ? "" : hours === null ? texts.endUnknown : fill(texts.endEffect, { hours: hours < 0 ? `-${fixed(-hours, 1)}` : fixed(hours, 1) });
      const words = fill(texts.changeEnded, { name: key });
      changes.push([effect ? `${words}. ${effect}` : words, () => state.ended.delete(index)]);
    }
    for (const index of state.limited) {
      if (state.ended.has(index)) continue;
      const words = fill(texts.changeByDay, { name: data.cooperations[index].key });
      changes.push([words, () => state.limited.delete(index)]);
    }
    for (const link of state.started) {
      const [from, to] = link.partners ?? [link.from, link.to[0]];
      const field = fieldsOfCooperations().find(({ key }) => key === link.fields[0]).name;
      const words = fill(texts.changeStarted, { kind: texts[`kind${link.kind}`], from: nameOf(from), to: nameOf(to), field });
      changes.push([words, () => { state.started = state.started.filter((kept) => kept !== link); }]);
    }
    data.standards.forEach((standard, index) => {
      if (state.limits[index] !== standard.minutes) {
        const words = fill(texts.changeLimit, { standard: standard.name, minutes: state.limits[index], before: standard.minutes });
        changes.push([words, () => { state.limits[index] = standard.minutes; }]);
      }
    });
    return changes;
  }

  function drawChanges() {
    const changes = changeList();
    byId("changes").replaceChildren(...changes.map(([words, undo], number) => element("li", {}, words, element("button", {
      type: "button", "aria-label": `${texts.undo}: ${words}`, "data-focus": `undo-${number}`, title: texts.undo,
      onclick: () => { undo(); update(); },
    }, "×"))));
    // On paper nobody sees what was clicked: it is told above what it does.
    byId("tried").textContent = changes.map(([words]) => words).join("; ");
    byId("no-changes").hidden = changes.length > 0;
    byId("reset").disabled = changes.length === 0;
    byId("copy").disabled = !changesNetwork();
    byId("copied").textContent = "";
    byId("scenario").hidden = true;
    for (const box of document.querySelectorAll(".end [data-c]")) box.checked = state.ended.has(Number(box.dataset.c));
    for (const box of document.querySelectorAll(".end [data-limit]")) box.checked = state.limited.has(Number(box.dataset.limit));
  }

  const cell = (words, value, kind = "number") => element("td", { class: kind, "data-value": value === undefined ? null : String(value) }, words);
  /** A number after a change, with a mark where it is worse or better. */
  const after = (words, value, isWorse, isBetter) => cell(words, value, `number ${isWorse ? "more" : isBetter ? "less" : ""}`);

  function resultTable(kind, heading, headings, rows) {
    const head = element("tr", {}, ...headings.map((words) => element("th", { scope: "col" }, words)));
    return [element("h4", { class: kind }, heading), element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": heading }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)))];
  }

  // Where no site offers a standard, nobody knows who is in time: 0 % would be a verdict.
  function isOffered(standard) {
    const isOpened = state.opened.some((opened) => data.what_if.standards[opened.standard].recipe.meets.includes(standard));
    return data.standards[standard].meets.length > 0 || isOpened;
  }

  /** Whether more people are in time after, or fewer, at both ends of the band as by the times as stated. */
  function overBandCell(was, is, standard) {
    if (!data.margin || !isOffered(standard)) return cell("–", undefined, "band");
    const turn = (key) => Math.sign(is[key] - was[key]);
    const holds = turn("quick") === turn("within") && turn("slow") === turn("within");
    return cell(holds ? texts.holds : texts.notDecided, undefined, "band");
  }

  function figureCells(was, is, standard) {
    if (!isOffered(standard)) return Array.from({ length: 6 }, () => cell("–", null));
    const [meanWas, meanIs] = [mean(was), mean(is)];
    const [beyondWas, beyondIs] = [was.people - was.within, is.people - is.within];
    // A mark on a number that reads as before would be taken for a mistake.
    const pair = (words, valueWas, valueIs, isWorse) => {
      const isOther = words[0] !== words[1];
      return [cell(words[0], valueWas), after(words[1], valueIs, isOther && isWorse, isOther && !isWorse)];
    };
    // Where nobody reached a hospital before, any mean is better.
    const isSlower = meanIs === null || (meanWas !== null && meanIs > meanWas);
    return [
      ...pair([share(was.within, was.people), share(is.within, is.people)], was.within, is.within, is.within < was.within),
      ...pair([people(beyondWas), people(beyondIs)], beyondWas, beyondIs, beyondIs > beyondWas),
      ...pair([minutes(meanWas), minutes(meanIs)], meanWas, meanIs, isSlower),
    ];
  }

  function drawResults() {
    const box = byId("results");
    box.hidden = !canChange() || !hasChanged() || data.standards.length === 0;
    // On paper, before and after stand in the place of the table of today.
    document.body.classList.toggle("changed", !box.hidden);
    globalThis.verbundPage?.draw?.(!box.hidden);
    if (box.hidden || !ground) return;
    const body = byId("results-body");
    const heads = [texts.peopleInTime, texts.peopleBeyond, texts.meanMinutes].flatMap((words) => [`${words}, ${texts.before}`, texts.after]);
    const byStandard = data.standards.map((standard, index) => {
      const isShown = state.pathway === null && index === state.standard;
      const is = isShown ? figures : tally(index, before[index]);
      return element("tr", { "data-key": standard.key }, element("th", { scope: "row" }, standard.name),
        after(people(is.lost), is.lost, is.lost > 0, false), after(people(is.won), is.won, false, is.won > 0), ...figureCells(before[index].total, is.total, index), overBandCell(before[index].total, is.total, index));
    });
    const notes = [];
    const care = element("div", { id: "care", "aria-live": "polite" });
    if (changesNetwork()) notes.push(care);
    if (state.started.some((link) => link.partners)) notes.push(element("p", { class: "help" }, texts.mutualNote));
    if (!careBefore && state.ended.size + state.limited.size + state.started.length > 0) notes.push(element("p", { class: "help" }, texts.endNote));
    if (data.margin) notes.push(element("p", { class: "help" }, texts.bandNote));
    if (hasLimitMoved()) notes.push(element("p", { class: "help" }, texts.limitNote));
    body.replaceChildren(
      ...(state.pathway === null ? districtsOfStandard(heads) : districtsOfPathway()),
      ...resultTable("by-standard", texts.allStandards, [texts.standard, texts.newlyBeyond, texts.newlyInTime, ...heads, texts.overBand], byStandard),
      ...notes,
    );
    drawCare(care);
  }

  /** Districts under the standard that the map shows, before and after. */
  function districtsOfStandard(heads) {
    const chosen = data.standards[state.standard];
    const rowOf = (name, was, is) => element("tr", { "data-district": name }, element("th", { scope: "row" }, name), ...figureCells(was, is, state.standard), overBandCell(was, is, state.standard));
    const earlier = before[state.standard];
    const rows = data.districts.map((name, index) => rowOf(name, earlier.districts[index], figures.districts[index]));
    rows.push(rowOf(texts.all, earlier.total, figures.total));
    return resultTable("by-district", `${chosen.name}, ${state.limits[state.standard]} ${texts.minutes}`, [texts.district, ...heads, texts.overBand], rows);
  }

  /** Districts under the pathway that the map shows, before and after. */
  function districtsOfPathway() {
    const [pathway, earlier] = [shownPathway(), todayOf(state.pathway)];
    const rowOf = (name, then, now) => {
      const [meanWas, meanIs] = [mean(then), mean(now)];
      const isOther = minutes(meanWas) !== minutes(meanIs);
      const isSlower = meanIs === null || (meanWas !== null && meanIs > meanWas);
      return element("tr", { "data-district": name }, element("th", { scope: "row" }, name),
        after(people(now.sooner), now.sooner, false, now.sooner > 0), after(people(now.later), now.later, now.later > 0, false),
        after(people(now.without), now.without, now.without > 0, false),
        cell(minutes(meanWas), meanWas), after(minutes(meanIs), meanIs, isOther && isSlower, isOther && !isSlower));
    };
    const rows = data.districts.map((name, index) => rowOf(name, earlier.districts[index], figures.districts[index]));
    rows.push(rowOf(texts.all, earlier.total, figures.total));
    return resultTable("by-district", `${pathway.name}, ${texts.nearestDoor}`, [texts.district, texts.sooner, texts.later, texts.withoutWay, `${texts.meanMinutes}, ${texts.before}`, texts.after], rows);
  }

  /** The figures at hand come at once; those that take longer than a blink follow when they are there. */
  let waiting = 0;
  function drawCare(box) {
    clearTimeout(waiting);
    const root = document.documentElement;
    const draw = () => {
      const started = performance.now();
      if (changesNetwork()) box.replaceChildren(...careTables());
      root.dataset.careMilliseconds = (performance.now() - started).toFixed(2);
      root.dataset.counted = "true";
    };
    if (!changesNetwork() || countedNow().isWhole) {
      draw();
      return;
    }
    root.dataset.counted = "false";
    box.append(element("p", { class: "help" }, texts.counting));
    waiting = setTimeout(draw, 30);
  }

  /** Time to treatment and where the cases go, before and after. */
  function careTables() {
    const { care, loads } = countCare();
    const tables = [];
    if (careBefore) {
      const rows = [];
      data.what_if.care.pathways.forEach((pathway, number) => {
        const [was, is] = [careBefore[number], care[number]];
        if (!was) return;
        const figures_ = [0, 1].map((protocol) => [meanOf(pathway, was, protocol), meanOf(pathway, is, protocol), movedIn(pathway, was, is, protocol)]);
        // Where both rules come to the same, it is said once.
        const isSame = JSON.stringify(figures_[0]) === JSON.stringify(figures_[1]);
        figures_.slice(0, isSame ? 1 : 2).forEach(([meanWas, meanIs, moved], number_) => {
          const [protocol, words] = isSame ? ["any", texts.anyDoor] : [["nearest", texts.nearestDoor], ["free", texts.freeDoor]][number_];
          if (Object.values(moved).every((count) => count === 0)) return;
          const isWorse = meanIs === null || (meanWas !== null && meanIs > meanWas);
          rows.push(element("tr", { "data-pathway": pathway.key, "data-protocol": protocol },
            element("th", { scope: "row" }, pathway.name, element("small", {}, words)),
            after(people(moved.sooner), moved.sooner, false, moved.sooner > 0), after(people(moved.later), moved.later, moved.later > 0, false),
            after(people(moved.without), moved.without, moved.without > 0, false),
            cell(minutes(meanWas), meanWas), after(minutes(meanIs), meanIs, isWorse && meanWas !== meanIs, !isWorse && meanWas !== meanIs)));
        });
      });
      if (rows.length > 0) tables.push(...resultTable("by-pathway", texts.pathways, [texts.pathway, texts.sooner, texts.later, texts.withoutWay, `${texts.meanMinutes}, ${texts.before}`, texts.after], rows), element("p", { class: "help" }, texts.mediansNote));
      else tables.push(element("p", { class: "help" }, texts.noPathway));
    }
    if (loadsBefore && changesCare()) {
      const changed = [];
      for (const hospital of new Set([...loadsBefore.keys(), ...loads.keys()])) {
        const [was, is] = [loadsBefore.get(hospital) ?? null, loads.get(hospital) ?? null];
        const more = (is?.cases ?? 0) - (was?.cases ?? 0);
        // Fractions of a case move everywhere: less than one a year is no news.
        if (Math.abs(more) >= 1) changed.push({ hospital, was, is, more });
      }
      changed.sort((a, b) => Math.abs(b.more) - Math.abs(a.more) || a.hospital - b.hospital);
      const of = (load, key, words) => (load === null || load[key] === null ? "–" : words(load[key]));
      const percent = (value) => `${fixed(value * 100, 1)} %`;
      const rows = changed.map(({ hospital, was, is, more }, place) => {
        const name = isNew(hospital) ? fill(texts.newName, { place: data.places[state.opened[hospital - data.hospitals.length].place].name }) : data.hospitals[hospital].name;
        const key = isNew(hospital) ? newKeys()[hospital - data.hospitals.length] : data.hospitals[hospital].key;
        return element("tr", { "data-hospital": key, hidden: place >= MOST_RECEIVERS }, element("th", { scope: "row" }, name),
          cell(of(was, "cases", people), was?.cases ?? null), cell(of(is, "cases", people), is?.cases ?? null),
          cell(`${more < 0 ? "−" : "+"}${people(Math.abs(more))}`, more), cell(of(was, "occupancy", percent), was?.occupancy ?? null),
          after(of(is, "occupancy", percent), is?.occupancy ?? null, (is?.occupancy ?? 0) > 1, false));
      });
      if (rows.length > 0) tables.push(...resultTable("by-receiver", texts.receivers, [texts.hospital, `${texts.cases}, ${texts.before}`, texts.after, texts.more, `${texts.occupancy}, ${texts.before}`, texts.after], rows));
      if (rows.length > MOST_RECEIVERS) tables.push(element("p", { class: "help" }, fill(texts.moreReceivers, { count: rows.length - MOST_RECEIVERS })));
    }
    return tables;
  }
  /** Hospitals that are listed with their cases. */
  const MOST_RECEIVERS = 12;

  // ---- The scenario file.

  // RON writes letters that nobody sees in braces, where JSON has four digits.
  function quoted(text) {
    let out = "";
    for (const letter of text) {
      const code = letter.codePointAt(0);
      if (letter === "\\" || letter === "\"") out += `\\${letter}`;
      else if (code < 32 || (code > 126 && code < 160)) out += `\\u{${code.toString(16)}}`;
      else out += letter;
    }
    return `"${out}"`;
  }

  function scenario() {
    const changes = [];
    const add = (change) => changes.push(`        (on: ${quoted(data.day)}, reason: ${quoted(texts.reason)}, change: ${change}),`);
    // Agreements end before their partners close: after that, they might be gone already.
    for (const index of state.ended) add(`EndCooperation(${quoted(data.cooperations[index].key)})`);
    for (const index of state.limited) {
      if (!state.ended.has(index)) add(`ChangeCooperation(id: ${quoted(data.cooperations[index].key)}, hours: ${quoted(BY_DAY)})`);
    }
    // Those that start do so while all partners are open; a closure then ends them as it ends all others.
    const known = new Set(data.cooperations.map((cooperation) => cooperation.key));
    let count = 0;
    for (const link of state.started) {
      do count += 1; while (known.has(`new-cooperation-${count}`));
      const keyOf = (hospital) => quoted(data.hospitals[hospital].key);
      const parties = link.partners ? `partners: [${link.partners.map(keyOf).join(", ")}]` : `from: ${keyOf(link.from)}, to: [${link.to.map(keyOf).join(", ")}]`;
      const kind = link.kind === "SharedOnCall" || link.kind === "StaffPool" ? link.kind : `${link.kind}()`;
      add(`StartCooperation(id: ${quoted(`new-cooperation-${count}`)}, kind: ${kind}, ${parties}, fields: [${link.fields.map(quoted).join(", ")}], sources: [], assumed: ["kind", "partners", "fields"])`);
    }
    for (const [hospital, gone] of state.units) {
      if (state.closed.has(hospital)) continue;
      for (const unit of gone) {
        const [kind, key] = [unit.slice(0, 1), quoted(unit.slice(2))];
        const site = quoted(data.hospitals[hospital].key);
        add(kind === "s" ? `CloseDepartment(hospital: ${site}, specialty: ${key})` : `CloseFacility(hospital: ${site}, kind: ${key})`);
      }
    }
    for (const hospital of state.closed) add(`CloseHospital(${quoted(data.hospitals[hospital].key)})`);
    const keys = newKeys();
    for (const [number, opened] of state.opened.entries()) {
      const place = data.places[opened.place];
      const degrees = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));
      const fields = [
        `id: ${quoted(keys[number])}`, `name: ${quoted(fill(texts.newName, { place: place.name }))}`,
        `operator: ${quoted(texts.operator)}`, "ownership: Public", `position: (lat: ${degrees(place.lat)}, lon: ${degrees(place.lon)})`,
        recipeFields(opened.standard),
      ];
      add(`OpenHospital(${fields.join(", ")})`);
    }
    const onTop = data.change ? ` ${fill(texts.onTop, { name: data.change.name })}` : "";
    const source = fill(texts.scenarioSource, { version: data.version, network: data.network, day: data.day }) + onTop;
    return [
      "Scenario(", "    format: 1,", "    id: \"what-if\",", `    name: ${quoted(texts.scenarioName)},`, `    source: ${quoted(source)},`,
      `    assumed: [${quoted(texts.scenarioAssumed)}],`, "    changes: [", ...changes, "    ],", ")", "",
    ].join("\n");
  }

  byId("copy").addEventListener("click", async () => {
    const box = byId("scenario");
    box.value = scenario();
    box.hidden = false;
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      // Browsers that keep the clipboard from files let a selected text be copied by hand.
      isCopied = false;
      box.select();
    }
    byId("copied").textContent = isCopied ? texts.copied : texts.copyByHand;
  });
  byId("reset").addEventListener("click", () => {
    state.limits = data.standards.map((standard) => standard.minutes);
    state.closed.clear();
    state.units.clear();
    state.opened = [];
    state.ended.clear();
    state.limited.clear();
    state.started = [];
    update();
  });

  // ---- Together.

  function update() {
    // Without the journeys that it was made for, the page stays as the program drew it.
    if (data.what_if && !ground) return;
    const started = performance.now();
    const focused = document.activeElement?.dataset?.focus;
    drawMap();
    drawChosen();
    drawChanges();
    drawResults();
    const limit = byId("limit");
    limit.disabled = !ground || state.pathway !== null;
    if (state.pathway !== null) limit.value = "";
    else if (data.standards.length > 0 && document.activeElement !== limit) limit.value = state.limits[state.standard];
    if (focused && document.activeElement === document.body) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    document.documentElement.dataset.milliseconds = (performance.now() - started).toFixed(2);
  }

  function setUpControls() {
    const choice = byId("standard");
    data.standards.forEach((standard, index) => choice.append(element("option", { value: index }, `${standard.name} (${standard.minutes} ${texts.minutes}, ${standard.population})`)));
    choice.value = String(state.standard);
    choice.addEventListener("change", () => {
      const pathway = choice.selectedOptions[0].dataset.pathway;
      state.pathway = pathway === undefined ? null : Number(pathway);
      if (state.pathway === null) state.standard = Number(choice.value);
      update();
    });
    const limit = byId("limit");
    limit.max = data.most_minutes;
    limit.addEventListener("input", () => {
      const asked = Number(limit.value);
      // What is no whole number of minutes leaves the limit as it was.
      if (!Number.isInteger(asked) || asked < 1 || asked > data.most_minutes) return;
      state.limits[state.standard] = asked;
      update();
    });
    limit.addEventListener("blur", () => { if (state.pathway === null) limit.value = state.limits[state.standard]; });
    const arcs = byId("show-arcs");
    const showArcs = () => {
      map.classList.toggle("show-care", arcs.value === "care");
      map.classList.toggle("show-all", arcs.value === "all");
    };
    arcs.addEventListener("change", showArcs);
    showArcs();
    byId("zoom-in").addEventListener("click", () => zoom(0.7));
    byId("zoom-out").addEventListener("click", () => zoom(1 / 0.7));
    byId("zoom-all").addEventListener("click", () => show(whole));
    document.querySelector(".controls").hidden = false;
    document.querySelector(".no-script").hidden = true;
    byId("chosen").hidden = false;
  }

  /** Care pathways that the page counts can be what the map shows. */
  function offerPathways() {
    const options = [];
    data.what_if?.care.pathways.forEach((pathway, number) => {
      if (careBefore?.[number]) options.push(element("option", { value: `pathway-${number}`, "data-pathway": String(number) }, pathway.name));
    });
    if (options.length === 0) return;
    const choice = byId("standard");
    const standards = element("optgroup", { label: texts.standards }, ...choice.children);
    choice.append(standards, element("optgroup", { label: texts.pathwaysByDoor }, ...options));
    choice.value = String(state.standard);
  }

  function setUpWhatIf() {
    byId("what-if").hidden = false;
    for (const row of document.querySelectorAll("tr[data-cooperation]")) {
      const index = Number(row.dataset.cooperation);
      const words = fill(texts.changeEnded, { name: data.cooperations[index].key });
      const end = row.querySelector(".end");
      end.append(element("label", {}, element("input", {
        type: "checkbox", "data-c": String(index), "aria-label": words,
        onchange: () => {
          if (!state.ended.delete(index)) state.ended.add(index);
          update();
        },
      }), ` ${texts.ends}`));
      if (!end.dataset.care || !canBeLimited(index)) continue;
      end.append(element("label", {}, element("input", {
        type: "checkbox", "data-limit": String(index), "aria-label": fill(texts.changeByDay, { name: data.cooperations[index].key }),
        onchange: () => {
          if (!state.limited.delete(index)) state.limited.add(index);
          update();
        },
      }), ` ${texts.byDay}`));
    }
  }

  async function start() {
    setUpControls();
    gatherSpots();
    if (data.what_if) {
      const note = document.querySelector(".no-script");
      try {
        ground = await readGround();
        before = data.standards.map((_, index) => tally(index, null));
        if (!agrees()) {
          note.textContent = texts.differs;
          ground = null;
        } else {
          readCareBefore();
        }
      } catch {
        note.textContent = texts.unpackFailed;
        ground = null;
      }
      note.hidden = ground !== null;
    }
    offerPathways();
    if (canChange()) setUpWhatIf();
    // What is asked elsewhere is told in the same words and tables.
    if (data.ask) globalThis.verbundPage = { data, texts, state, byId, element, fill, fixed, people, cell, after, resultTable, scenario, newKeys, keyOfChanges };
    byId("standard").disabled = data.what_if !== null && !ground;
    update();
    show(whole);
    new ResizeObserver(() => fit(unitsPerPixel())).observe(frame);
    // On paper the map is as large as the style says, 92 by 84 mm, whatever the screen was; symbols and names are
    // smaller there, where a page is read from nearer.
    const [wide, high, smaller] = [347, 317, 0.7];
    addEventListener("beforeprint", () => {
      // Paper does not wait.
      if (ground && changesNetwork() && document.documentElement.dataset.counted === "false") {
        countCare();
        drawResults();
      }
    });
    addEventListener("beforeprint", () => fit(smaller / Math.min(wide / view[2], high / view[3])));
    addEventListener("afterprint", () => fit(unitsPerPixel()));
    document.documentElement.dataset.ready = "true";
  }
  start();
})();
