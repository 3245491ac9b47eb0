// Saves the drawing in an element as it stands, letters and all, as a file of its own: in the colours
// of paper, which it names as the page does.
(id, light, name) => {
  const svg = document.getElementById(id).querySelector('svg').cloneNode(true);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('font-family', 'sans-serif');
  svg.style.background = '#fff';
  const text = new XMLSerializer().serializeToString(svg)
    .replace(/var\(--([\w-]+)\)/g, (_, colour) => light[colour]);
  const url = URL.createObjectURL(new Blob([text], {type: 'image/svg+xml'}));
  Object.assign(document.createElement('a'), {href: url, download: `${name}.svg`}).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
