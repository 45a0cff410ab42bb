import type { Culture } from './culture.ts';

export const russian: Culture = {
  id: 'russian',
  region: 'RU',
  country: 'Russia',
  share: 0.06,
  men: {
    old: 'Ivan Nikolai Vasiliy Aleksandr Mikhail Petr Aleksei Vladimir Fedor Viktor Grigoriy Pavel Konstantin Boris Semen Stepan Leonid Yakov Timofei Efim Prokhor Arkadiy Gennadiy',
    middle:
      'Sergei Aleksandr Vladimir Andrei Yuriy Viktor Nikolai Igor Oleg Mikhail Aleksei Valeriy Evgeniy Anatoliy Dmitriy Vyacheslav Konstantin Gennadiy Vasiliy Eduard Vadim Stanislav Ruslan',
    young:
      'Aleksandr Dmitriy Maksim Artem Ivan Nikita Daniil Kirill Mikhail Egor Andrei Aleksei Ilya Roman Matvei Timofei Denis Anton Vladislav Sergei Georgiy Arseniy Stepan Yaroslav Gleb',
  },
  women: {
    old: 'Mariya Anna Aleksandra Evdokiya Ekaterina Nina Antonina Zinaida Klavdiya Valentina Praskovya Tamara Anastasiya Evgeniya Lidiya Raisa Vera Galina Nadezhda Pelageya',
    middle:
      'Elena Tatyana Olga Natalya Irina Svetlana Galina Lyudmila Marina Nadezhda Larisa Valentina Vera Lyubov Nina Oksana Yuliya Inna Ekaterina Alla Zhanna Yelizaveta Margarita',
    young:
      'Anastasiya Mariya Darya Anna Sofiya Elizaveta Polina Viktoriya Ekaterina Kseniya Aleksandra Varvara Alisa Yuliya Veronika Alina Kristina Valeriya Arina Diana Vasilisa Milana Uliana',
  },
  family: {
    frequent:
      'Ivanov Smirnov Kuznetsov Popov Vasilyev Petrov Sokolov Mikhailov Novikov Fedorov Morozov Volkov Alekseyev Lebedev Semenov Yegorov Pavlov Kozlov Stepanov Nikolayev Orlov Andreyev Makarov Nikitin Zakharov Zaitsev Solovyev Borisov Yakovlev Grigoryev Romanov Vorobyev Sergeyev Kuzmin Frolov Aleksandrov Dmitriyev Korolev Gusev Kiselev Ilyin Maksimov Polyakov Sorokin Vinogradov Kovalev Belov Medvedev Antonov Tarasov Zhukov Baranov Filippov Komarov Davydov Belyayev Gerasimov Bogdanov Osipov Sidorov Matveyev Titov Markov Mironov Krylov Kulikov Karpov Vlasov Melnikov Denisov Gavrilov Tikhonov Kazakov Afanasyev Danilov Savelyev Timofeyev Fomin Chernov Abramov Martynov Yefimov Fedotov Shcherbakov Nazarov Kalinin Isayev Chernyshev Bykov Maslov Rodionov Konovalov Lazarev Voronin Klimov Filatov Ponomarev Golubev Kudryavtsev Dostoyevskiy Chaikovskiy Rozhdestvenskiy Shevchenko Bondarenko',
    skew: 0.7,
    composed: 0.2,
    start:
      'Bel Bor Chern Dob Gor Gris Kal Kar Kol Kov Kras Kry Lap Luk Mal Mor Nov Ost Pol Rod Ryab Sav Sim Star Tar Tur Vor Yer Zab Zhar',
    end: 'enkov ov in anov yakov itsyn ushkin ikov akov ishchev atov unov elev ygin',
  },
  patronymic: 'russian',
  takesName: 0.8,
  feminine: [
    [/(ov|ev|in|yn)$/, '$1a'],
    [/skiy$/, 'skaya'],
  ],
  otherScript: true,
  spellings: [
    [/ei$/, 'ey'],
    [/iy$/, 'y'],
    [/iy$/, 'ii'],
    [/iya$/, 'ia'],
    [/yu/i, 'Yu'],
    [/Yu/, 'Iu'],
    [/Yu/, 'Ju'],
    [/ya/, 'ia'],
    [/ks/, 'x'],
    [/kh/, 'h'],
    [/zh/, 'j'],
    [/ts/, 'c'],
    [/^Ye/, 'E'],
    [/^E/, 'Ye'],
    [/yev/, 'ev'],
    [/shch/i, 'Sch'],
    [/Petr/, 'Pyotr'],
    [/Artem/, 'Artyom'],
    [/Semen/, 'Semyon'],
    [/Fedor/, 'Fyodor'],
    [/ov$/, 'off'],
    [/ch/, 'tch'],
    [/skiy$/, 'sky'],
    [/tya/, 'tia'],
    [/ina?$/, 'ine'],
  ],
  nicknames:
    'Aleksandr:Sasha,Sanya,Shura Aleksei:Alyosha,Lyosha Sergei:Seryozha Vladimir:Volodya,Vova Dmitriy:Dima,Mitya Ivan:Vanya Mikhail:Misha Nikolai:Kolya Evgeniy:Zhenya Yuriy:Yura Petr:Petya Pavel:Pasha Konstantin:Kostya Vasiliy:Vasya Anatoliy:Tolya Viktor:Vitya Andrei:Andryusha Maksim:Maks Grigoriy:Grisha Georgiy:Gosha Boris:Borya Roman:Roma Vyacheslav:Slava Stanislav:Stas Ilya:Ilyusha Daniil:Danya Leonid:Lyonya Mariya:Masha,Marusya Anna:Anya,Nyura Ekaterina:Katya Elena:Lena Tatyana:Tanya Olga:Olya Natalya:Natasha Irina:Ira Svetlana:Sveta Lyudmila:Lyuda,Mila Anastasiya:Nastya Darya:Dasha Sofiya:Sonya Elizaveta:Liza Kseniya:Ksyusha Yuliya:Yulia Aleksandra:Sasha Lyubov:Lyuba Galina:Galya Valentina:Valya Nadezhda:Nadya Viktoriya:Vika Evgeniya:Zhenya Polina:Polya',
  cities:
    'Moskva/Moskva/101### Sankt-Peterburg/Sankt-Peterburg/190### Novosibirsk/Novosibirskaya_oblast/630### Yekaterinburg/Sverdlovskaya_oblast/620### Kazan/Tatarstan/420### Nizhny_Novgorod/Nizhegorodskaya_oblast/603### Chelyabinsk/Chelyabinskaya_oblast/454### Samara/Samarskaya_oblast/443### Omsk/Omskaya_oblast/644### Rostov-na-Donu/Rostovskaya_oblast/344### Ufa/Bashkortostan/450### Krasnoyarsk/Krasnoyarsky_kray/660### Perm/Permsky_kray/614### Voronezh/Voronezhskaya_oblast/394### Volgograd/Volgogradskaya_oblast/400### Saratov/Saratovskaya_oblast/410### Tyumen/Tyumenskaya_oblast/625### Irkutsk/Irkutskaya_oblast/664### Tomsk/Tomskaya_oblast/634### Tula/Tulskaya_oblast/300###',
  towns: {
    start: 'Alek Belo Bolshe Gorno Krasno Malo Nizhne Novo Ozer Pervo Sered Staro Svet Verkhne Zeleno',
    end: 'sk gorsk polye grad vka dolsk yarsk kamensk rechensk sosnovka uralsk',
    postcode: '######',
  },
  streets:
    'Lenina Sovetskaya Mira Pushkina Gagarina Oktyabrskaya Kirova Gorkogo Molodezhnaya Shkolnaya Sadovaya Lesnaya Naberezhnaya Zavodskaya Komsomolskaya Pervomaiskaya Pobedy Tsentralnaya Kalinina Chapaeva Zelenaya Lermontova Chekhova Tolstogo Stroitelei Vokzalnaya Polevaya Lugovaya Karla_Marksa Frunze',
  streetKinds: 'ulitsa_* prospekt_* pereulok_* ploshchad_* bulvar_*',
  abbreviations: 'ulitsa:ul. prospekt:pr.,pr-t pereulok:per. ploshchad:pl. bulvar:b-r',
  nationalId: '#### ######',
};
