import type { Culture } from './culture.ts';

export const spanish: Culture = {
  id: 'spanish',
  region: 'ES',
  country: 'Spain',
  share: 0.1,
  men: {
    old: 'José Manuel Antonio Francisco Juan Pedro Luis Ángel Rafael Vicente Ramón Miguel Joaquín Enrique Fernando Julián Domingo Andrés Emilio Eduardo Salvador Tomás Mariano Felipe Gregorio Santiago Agustín Eusebio Teodoro',
    middle:
      'José_Luis Antonio Juan_Carlos Francisco_Javier José_Antonio Javier Miguel_Ángel Carlos Jesús Fernando Rafael Alberto Ángel Pablo Jorge José_Manuel Ramón Ignacio Alfonso Roberto Ricardo Julio Óscar Sergio Raúl Rubén Víctor Gonzalo Guillermo',
    young:
      'Daniel Alejandro David Pablo Hugo Adrián Álvaro Javier Mario Diego Sergio Iván Marcos Lucas Martín Mateo Jorge Leo Rubén Carlos Izan Nicolás Iker Gonzalo Samuel Bruno Héctor Ismael Cristian Aitor Unai',
  },
  women: {
    old: 'María Carmen Josefa Dolores Francisca Antonia Pilar Isabel Teresa Concepción Rosario Mercedes Encarnación Manuela Juana Rosa Luisa Ángeles Consuelo Ramona Purificación Amparo Asunción Remedios Emilia',
    middle:
      'María_Carmen Ana_María María_José María_Pilar María_Teresa María_Dolores Cristina Marta Elena Yolanda Mónica Silvia Raquel Susana Beatriz Montserrat Patricia Rosa_María Eva Nuria Sonia Inmaculada Esther Gloria Margarita María_Ángeles Rocío Verónica',
    young:
      'Lucía María Paula Sara Carla Laura Marta Alba Andrea Claudia Sofía Irene Julia Martina Daniela Valeria Ana Nerea Carmen Alejandra Elena Noa Candela Ainhoa Noelia Celia Aitana Miriam Ariadna Natalia',
  },
  family: {
    frequent:
      'García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez Ramírez Gil Serrano Morales Molina Suárez Blanco Castro Delgado Ortega Marín Ortiz Rubio Núñez Sanz Medina Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Méndez Flores Herrera Prieto Peña León Márquez Cabrera Gallego Calvo Vidal Campos Reyes Vega Fuentes Carrasco Díez Aguilar Caballero Nieto Santana Vargas Pascual Giménez Herrero Hidalgo Montero Lorenzo Santiago Benítez Duran Ibáñez Arias Mora Ferrer Carmona Vicente Rojas Soto Crespo Román Pastor Velasco Parra Sáez Moya Bravo Rivera Gallardo Soler de_la_Cruz de_la_Fuente del_Río',
    skew: 0.95,
    composed: 0.15,
    start:
      'Agu Alca Arri Bel Bena Cala Casti Echa Fonta Gara Goi Iri Lla Mendi Mira Monta Olai Peña Ribe Saba Torre Urru Villa Zubi Zapa',
    end: 'rre lde ga zola ndia ra nares vides llón res guren beitia cos dal lba nedo tegui rana',
  },
  twoFamilies: true,
  takesName: 0.02,
  spellings: [
    [/z$/, 's'],
    [/G(?=[ei])/, 'J'],
    [/J(?=[ei])/, 'G'],
    [/í/, 'i'],
    [/ñ/, 'n'],
    [/v/, 'b'],
    [/^X|^J/, 'X'],
    [/ll/, 'y'],
    [/^H/, ''],
    [/María/, 'Mª'],
    [/María /, 'M. '],
    [/c(?=[ei])/, 's'],
  ],
  nicknames:
    'José:Pepe Francisco:Paco,Fran,Curro Manuel:Manolo,Manu Antonio:Toño,Toni Ignacio:Nacho Jesús:Chus Rafael:Rafa Enrique:Quique Eduardo:Edu Alejandro:Álex Miguel:Miki José_Luis:Pepe,Joselu José_Antonio:Toño José_Manuel:Chema Juan_Carlos:Juanca Francisco_Javier:Javi,Paco Javier:Javi Santiago:Santi Fernando:Nando Daniel:Dani Sergio:Sergi Alberto:Berto Guillermo:Guille Roberto:Rober Dolores:Lola Concepción:Concha,Conchi Francisca:Paca,Paqui Josefa:Pepa Mercedes:Merche Pilar:Pili Isabel:Isa Teresa:Tere Rosario:Charo Consuelo:Chelo Antonia:Toñi María_José:Marijose,Cote María_Carmen:Mamen,Carmen María_Teresa:Maite María_Dolores:Lola,Loli Ana_María:Ana Cristina:Cris Montserrat:Montse Inmaculada:Inma Beatriz:Bea Patricia:Patri Susana:Susi Encarnación:Encarna Alejandra:Álex Lucía:Luci',
  cities:
    'Madrid/Madrid/280## Barcelona/Cataluña/080## Valencia/Comunidad_Valenciana/460## Sevilla/Andalucía/410## Zaragoza/Aragón/500## Málaga/Andalucía/290## Murcia/Murcia/300## Palma/Baleares/070## Las_Palmas/Canarias/350## Bilbao/País_Vasco/480## Alicante/Comunidad_Valenciana/030## Córdoba/Andalucía/140## Valladolid/Castilla_y_León/470## Vigo/Galicia/362## Gijón/Asturias/332## A_Coruña/Galicia/150## Granada/Andalucía/180## Oviedo/Asturias/330## Pamplona/Navarra/310## Salamanca/Castilla_y_León/370##',
  towns: {
    start: 'Alcalá Aldea Arroyo Campo Castro Fuente Hoyo Monte Puebla Puente San_ Santa_ Torre Valle Villa Vega',
    end: '_de_la_Sierra _del_Campo _del_Río _de_Arriba _la_Vieja nueva mayor hermosa _de_los_Caballeros _del_Rey verde frío',
    postcode: '#####',
  },
  streets:
    'Mayor Real Iglesia Sol Constitución Cervantes España Goya San_Juan San_José San_Pedro Nueva Fuente Alcalá Gran_Vía Velázquez Colón Ancha Molino Estación Libertad Andalucía Castilla Rosales Pintor_Sorolla Ramón_y_Cajal Virgen_del_Carmen Santiago Olivo Escuelas',
  streetKinds: 'Calle_* Avenida_* Plaza_* Paseo_* Camino_de_* Ronda_*',
  abbreviations: 'Calle:C/,Cl. Avenida:Avda.,Av. Plaza:Pza.,Pl. Paseo:Pº,P.º Camino:Cno. San:S. Virgen:Vgen.',
  nationalId: '########@',
};
