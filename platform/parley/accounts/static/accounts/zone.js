// Offers the zone that the device is set to, beside the person's own; it is theirs only once they say so.
const select = document.querySelector("[data-guess-zone]");
const guess = document.querySelector("[data-zone-guess]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && guess && zone && zone !== select.value) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const place = [...select.options].find((option) => option.value === zone) ?? new Option(zone, zone);
  guess.textContent = guess.dataset.words.replace("{zone}", place.text).replace("{time}", time.format(new Date()));
  guess.hidden = false;
  if (select.value === "UTC") {
    if (!place.parentElement) select.add(place);
    select.value = zone;
  }
}
