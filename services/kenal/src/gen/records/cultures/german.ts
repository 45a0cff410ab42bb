import type { Culture } from './culture.ts';

export const german: Culture = {
  id: 'german',
  region: 'DE',
  country: 'Germany',
  share: 0.12,
  men: {
    old: 'Hans Karl Heinrich Wilhelm Walter Otto Hermann Friedrich Werner Kurt Ernst Paul Heinz Günter Helmut Gerhard Rudolf Fritz Herbert Franz Josef Erich Alfred Horst Johann Georg Johannes Emil Richard Max Ludwig Siegfried Karl-Heinz Hans-Jürgen Adolf Gustav August Bruno',
    middle:
      'Thomas Michael Andreas Peter Wolfgang Klaus Jürgen Stefan Frank Bernd Uwe Dieter Manfred Rainer Jörg Martin Ralf Matthias Holger Norbert Joachim Volker Detlef Torsten Dirk Axel Jens Markus Christian Oliver Karsten Hans-Peter Heiko Olaf Rüdiger Ulrich Reinhard',
    young:
      'Jan Lukas Leon Tim Finn Jonas Paul Maximilian Felix Ben Niklas Luca Alexander Moritz Philipp Tobias Florian Sebastian Daniel Julian Fabian Kevin Dennis Patrick Marcel Noah Elias Simon Jannik Nico Emil Anton Henri Luis David Till Marvin Björn',
  },
  women: {
    old: 'Anna Maria Elisabeth Frieda Martha Erna Gertrud Hedwig Emma Ilse Ursula Hildegard Irmgard Margarete Charlotte Gerda Edith Herta Lieselotte Ruth Waltraud Else Käthe Helga Ingeborg Elfriede Klara Bertha Luise Johanna Wilhelmine Auguste',
    middle:
      'Petra Sabine Monika Susanne Andrea Birgit Karin Gabriele Claudia Renate Angelika Martina Brigitte Ute Heike Ulrike Silke Christine Barbara Cornelia Anja Kerstin Bettina Marion Ingrid Christa Heidi Jutta Gisela Doris Elke Regina Anke Simone Annette Dagmar Katrin',
    young:
      'Julia Anna Lea Lena Hannah Sarah Laura Mia Emma Sophie Marie Leonie Lisa Katharina Johanna Nina Jana Melanie Stefanie Jessica Vanessa Jennifer Franziska Clara Charlotte Emilia Luisa Maja Lina Amelie Anna-Lena Paula Greta Frieda Theresa Pia Annika Svenja',
  },
  family: {
    frequent:
      'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Voigt Sauer Arnold Pfeiffer Yılmaz Nowak Kowalski von_Berg zu_Salm',
    skew: 0.8,
    composed: 0.35,
    start:
      'Acker Alt Baum Berg Birk Blum Brand Bruck Buch Burg Dorn Eber Eich Erl Feld Fels Frei Frohn Gold Grün Haber Hagen Hasel Hell Herz Hoch Holz Kalt Kirch Krahn Lauter Lind Moos Neu Nieder Ober Ost Rosen Sand Schön Stein Stroh Tann Thal Vogel Wald Weiden Weiß Wies Winter Ziegel',
    end: 'mann er bauer meier hof berg feld bach müller hauser becker stein schmidt inger hammer thaler rode kamp städter ke rich huber wald',
  },
  middle: { share: 0.3 },
  takesName: 0.72,
  spellings: [
    [/ü/, 'ue'],
    [/ö/, 'oe'],
    [/ä/, 'ae'],
    [/ß/, 'ss'],
    [/ey/, 'ei'],
    [/ei/, 'ai'],
    [/dt$/, 't'],
    [/tz/, 'z'],
    [/ph/, 'f'],
    [/th/, 't'],
    [/^C/, 'K'],
    [/^K/, 'C'],
    [/ff/, 'f'],
    [/mann$/, 'man'],
    [/(?<=\w)-/, ' '],
  ],
  nicknames:
    'Johannes:Hannes,Jo Wilhelm:Willi Friedrich:Fritz Heinrich:Heinz,Heiner Hermann:Manni Josef:Sepp,Jupp Rudolf:Rudi Maximilian:Max Alexander:Alex Michael:Michi Andreas:Andi Thomas:Tom Stefan:Steff Sebastian:Basti Florian:Flo Matthias:Matze Joachim:Jochen,Achim Wolfgang:Wolf Tobias:Tobi Philipp:Phil Christian:Chris Ulrich:Uli Karl-Heinz:Kalle,Heinz Elisabeth:Lisa,Elli,Sissi Margarete:Grete,Gretel Katharina:Kathi,Käthe Johanna:Hanna,Jo Susanne:Susi Gabriele:Gabi Christine:Tina Angelika:Geli Stefanie:Steffi Franziska:Franzi Ursula:Uschi Brigitte:Gitte,Gitti Cornelia:Conny Barbara:Babsi Hildegard:Hilde Lieselotte:Lilo Gertrud:Traudel Katrin:Kati Theresa:Resi Charlotte:Lotte',
  cities:
    'Berlin/Berlin/1#### Hamburg/Hamburg/2#### München/Bayern/8#### Köln/Nordrhein-Westfalen/50### Frankfurt_am_Main/Hessen/60### Stuttgart/Baden-Württemberg/70### Düsseldorf/Nordrhein-Westfalen/40### Leipzig/Sachsen/04### Dortmund/Nordrhein-Westfalen/44### Essen/Nordrhein-Westfalen/45### Bremen/Bremen/28### Dresden/Sachsen/01### Hannover/Niedersachsen/30### Nürnberg/Bayern/90### Bonn/Nordrhein-Westfalen/53### Münster/Nordrhein-Westfalen/48### Augsburg/Bayern/86### Kiel/Schleswig-Holstein/24### Freiburg/Baden-Württemberg/79### Erfurt/Thüringen/99###',
  towns: {
    start:
      'Alten Bad_ Berg Buch Eber Eich Frei Grün Hohen Kirch König Lauter Linden Mühl Neu Ober Rosen Schwarz Stein Unter Wald Weiden',
    end: 'berg burg dorf feld hausen heim hof bach stadt stedt rode au kirchen brück',
    postcode: '#####',
  },
  streets:
    'Haupt Schul Garten Bahnhof Dorf Berg Kirch Wald Linden Ring Goethe Schiller Mozart Wiesen Mühlen Birken Bach Rosen Eichen Feld Tal Buchen Post Markt Beethoven Friedhof Amsel Jahn Lessing Blumen Brunnen Sonnen Hohe Ahorn Mittel',
  streetKinds: '*straße *weg *allee *gasse *platz *ring',
  abbreviations: 'straße:str.,strasse platz:pl. allee:al.',
  nationalId: '@##@@###@#',
};
