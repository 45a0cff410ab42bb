import type { Culture } from './culture.ts';

export const french: Culture = {
  id: 'french',
  region: 'FR',
  country: 'France',
  share: 0.09,
  men: {
    old: 'Jean Pierre Louis André Marcel Henri Georges Roger René Robert Paul Maurice Lucien Raymond Charles Joseph Émile Gaston Léon Albert Eugène Fernand Gabriel François Antoine Jules Auguste Victor Ernest Alphonse Gustave Édouard',
    middle:
      'Michel Philippe Alain Patrick Bernard Christian Daniel Jacques Gérard Éric Pascal Thierry Frédéric Christophe Laurent Stéphane Olivier Didier Bruno Dominique Jean-Pierre Jean-Claude Jean-Luc Jean-Michel Serge Marc Gilles Claude Yves Hervé Denis Franck Jérôme David Sébastien',
    young:
      'Lucas Thomas Hugo Nicolas Maxime Alexandre Antoine Julien Léo Louis Enzo Nathan Kévin Théo Clément Mathis Romain Quentin Pierre Florian Valentin Guillaume Arthur Raphaël Jules Gabriel Adam Paul Baptiste Mohamed Adrien Loïc Dylan Noé Anthony Benjamin',
  },
  women: {
    old: 'Marie Jeanne Marguerite Germaine Louise Yvonne Madeleine Suzanne Marcelle Denise Simone Paulette Lucienne Andrée Berthe Renée Odette Hélène Thérèse Henriette Yvette Alice Juliette Joséphine Eugénie Augustine Léontine Mathilde Blanche Élisabeth',
    middle:
      'Nathalie Isabelle Sylvie Catherine Martine Françoise Christine Monique Valérie Sandrine Véronique Nicole Sophie Patricia Brigitte Chantal Corinne Annie Stéphanie Marie-Christine Laurence Florence Pascale Karine Béatrice Anne Dominique Jacqueline Michèle Danielle Évelyne Céline Agnès',
    young:
      'Emma Léa Camille Manon Chloé Marie Laura Julie Sarah Inès Jade Océane Mathilde Pauline Marine Lucie Anaïs Clara Louise Élodie Aurélie Émilie Charlotte Lola Alice Zoé Lina Justine Eva Romane Juliette Margaux Noémie Mélanie Marion Anne-Sophie',
  },
  family: {
    frequent:
      'Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard de_La_Tour de_Villiers Le_Gall Le_Goff',
    skew: 0.65,
    composed: 0.3,
    start:
      'Beau Bel Bois Bon Bour Brau Cham Char Chau Cour Cou Dela Des Du Font Fou Gau Gran Gui Haut La Lan Mar Mon Mou Nor Per Plan Pont Por Rai Rocher Saint- Sau Tour Val Vau Vil',
    end: 'cher champ mont val vier lin ville chet beau net reau tier mard dier lier let quet nier dot gnon rel cel court fort nard geon sset rand',
  },
  middle: { share: 0.35 },
  takesName: 0.7,
  spellings: [
    [/ph/, 'f'],
    [/eau$/, 'au'],
    [/ault$/, 'aud'],
    [/é/, 'e'],
    [/è/, 'é'],
    [/ë|ê/, 'e'],
    [/ï|î/, 'i'],
    [/(?<=\w)-/, ' '],
    [/y/, 'i'],
    [/th/, 't'],
    [/ff/, 'f'],
    [/^de /, 'De '],
    [/^Le /, 'Le'],
    [/z$/, 's'],
    [/tt/, 't'],
  ],
  nicknames:
    'Alexandre:Alex Antoine:Toine Christophe:Chris Dominique:Dom Frédéric:Fred Guillaume:Guigui Maxime:Max Nicolas:Nico Philippe:Phil Sébastien:Seb Stéphane:Steph Thomas:Tom Jean-Pierre:Jeep,Jean Jean-Claude:Jean Gabriel:Gaby Raphaël:Raph Benjamin:Ben Catherine:Cathy Françoise:Fanfan Élisabeth:Babette,Lise Isabelle:Isa Valérie:Val Véronique:Véro Sandrine:Sandy Marie-Christine:Marie Camille:Cam Mathilde:Math Stéphanie:Steph Nathalie:Nat Marguerite:Margot Suzanne:Suzon,Suzette Émilie:Milie Charlotte:Charlie Juliette:Juju',
  cities:
    'Paris/Île-de-France/750## Marseille/Provence-Alpes-Côte_d’Azur/130## Lyon/Auvergne-Rhône-Alpes/6900# Toulouse/Occitanie/31### Nice/Provence-Alpes-Côte_d’Azur/06### Nantes/Pays_de_la_Loire/44### Montpellier/Occitanie/34### Strasbourg/Grand_Est/67### Bordeaux/Nouvelle-Aquitaine/33### Lille/Hauts-de-France/59### Rennes/Bretagne/35### Reims/Grand_Est/51### Saint-Étienne/Auvergne-Rhône-Alpes/42### Le_Havre/Normandie/76### Toulon/Provence-Alpes-Côte_d’Azur/83### Grenoble/Auvergne-Rhône-Alpes/38### Dijon/Bourgogne-Franche-Comté/21### Angers/Pays_de_la_Loire/49### Brest/Bretagne/29### Limoges/Nouvelle-Aquitaine/87###',
  towns: {
    start:
      'Beau Belle Bourg- Château Clair Cour Fontaine Grand Haute Mont Neuf Pont- Roche Saint- Val Vieux Villa Ville',
    end: 'mont ville fort lieu court bourg champ marne lin rac gnac sart Martin Pierre rive',
    postcode: '#####',
  },
  streets:
    'l’Église Paris Victor_Hugo Jean_Jaurès la_République la_Gare Pasteur Gambetta Jules_Ferry la_Mairie Voltaire Verdun la_Paix la_Liberté Émile_Zola Général_de_Gaulle la_Fontaine l’École Carnot Foch Jean_Moulin Château Moulin Lilas Roses Tilleuls Acacias Lamartine Molière Diderot',
  streetKinds: 'Rue_de_* Avenue_* Boulevard_* Place_* Impasse_* Chemin_de_* Allée_*',
  abbreviations: 'Rue:R. Avenue:Av.,Av Boulevard:Bd,Bld Place:Pl. Impasse:Imp. Chemin:Ch. Allée:All. Général:Gal',
  nationalId: '# ## ## ## ### ### ##',
};
