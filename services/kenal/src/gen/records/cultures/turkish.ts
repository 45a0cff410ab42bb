import type { Culture } from './culture.ts';

export const turkish: Culture = {
  id: 'turkish',
  region: 'TR',
  country: 'Türkiye',
  share: 0.05,
  men: {
    old: 'Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Halil Süleyman Abdullah Ömer Ramazan Salih Mahmut Yusuf Bekir Kâzım Şükrü Rıza Hilmi Nuri',
    middle:
      'Mehmet Murat Ahmet Mustafa Hakan Serkan Ali Fatih Kemal Erkan Cengiz Orhan Turgay Levent Bülent Metin Volkan Özgür Tolga Sinan Ufuk Selim Erdoğan Yaşar Cemal Şahin Uğur',
    young:
      'Yusuf Emre Mert Eymen Ömer Mustafa Burak Can Kerem Enes Emir Ege Arda Berk Kaan Furkan Onur Umut Miraç Çağlar Efe Tuna Baran Alperen Deniz Barış',
  },
  women: {
    old: 'Fatma Ayşe Emine Hatice Zeynep Hanife Havva Zehra Şerife Meryem Sultan Nazmiye Rukiye Hacer Güllü Nuriye Saniye Melahat',
    middle:
      'Fatma Ayşe Sevgi Gülşen Songül Hülya Özlem Sibel Yasemin Aysel Serpil Nurcan Filiz Derya Aynur Gönül Sevim Leyla Çiğdem Dilek Tülay Aslı Pınar Esra',
    young:
      'Zeynep Elif Merve Büşra Defne Ecrin Ebru Esra Tuğba Kübra Selin Ece Damla Gizem Melis Azra Nehir Irmak Ceren Buse İrem Şevval Aleyna Ayşegül Beyza Sude',
  },
  family: {
    frequent:
      'Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Özcan Çakır Erdoğan Yavuz Can Acar Şen Aktaş Güler Yalçın Güneş Bozkurt Bulut Keskin Ünal Turan Gül Özer Işık Kaplan Avcı Sarı Tekin Taş Köse Yüksel Ateş Aksoy Bayrak Kahraman Uçar Karaca Duman Çiftçi Erdem Güven Toprak Coşkun Tunç Ay Uysal Bilgin Akın Deniz',
    skew: 0.75,
    composed: 0.2,
    start: 'Ak Al Altın Bay Boz Çelik Demir Er Gök Gün Kara Kır Kızıl Koca Öz Sarı Taş Türk Uz Yeni',
    end: 'taş kaya oğlu soy türk can man tepe dağ demir su han kurt gül tekin bulut ay er alp',
  },
  middle: { share: 0.15 },
  takesName: 0.85,
  spellings: [
    [/ı/, 'i'],
    [/İ/, 'I'],
    [/ş/, 's'],
    [/ş/, 'sh'],
    [/ç/, 'c'],
    [/ç/, 'ch'],
    [/ğ/, 'g'],
    [/ğ/, ''],
    [/ü/, 'u'],
    [/ö/, 'o'],
    [/ü/, 'ue'],
    [/t$/, 'd'],
    [/oğlu$/, 'oglou'],
    [/Mehmet/, 'Muhammed'],
    [/y/, 'i'],
  ],
  nicknames:
    'Mehmet:Memo Mustafa:Mıstık Ahmet:Ahmo İbrahim:İbo Süleyman:Sülo Hüseyin:Hüso Hasan:Hasko Abdullah:Apo İsmail:İso Ramazan:Ramo Fatma:Fato,Fatoş Ayşe:Ayşo Hatice:Hatçe Zeynep:Zeyno Emine:Emoş Elif:Elo Yasemin:Yase Ayşegül:Aysu Alperen:Alp',
  cities:
    'İstanbul/Marmara/34### Ankara/İç_Anadolu/06### İzmir/Ege/35### Bursa/Marmara/16### Antalya/Akdeniz/07### Adana/Akdeniz/01### Konya/İç_Anadolu/42### Gaziantep/Güneydoğu/27### Şanlıurfa/Güneydoğu/63### Kocaeli/Marmara/41### Mersin/Akdeniz/33### Diyarbakır/Güneydoğu/21### Kayseri/İç_Anadolu/38### Eskişehir/İç_Anadolu/26### Samsun/Karadeniz/55### Denizli/Ege/20### Trabzon/Karadeniz/61### Malatya/Doğu_Anadolu/44### Erzurum/Doğu_Anadolu/25###',
  towns: {
    start: 'Ak Alaca Bey Boz Çamlı Deniz Gök Göl Kara Kızıl Kum Orta Sarı Taş Yeni Yeşil',
    end: 'köy pazar dağ hisar ova su kale tepe şehir pınar ören',
    postcode: '#####',
  },
  streets:
    'Atatürk Cumhuriyet İnönü İstiklal Fatih Gazi Mimar_Sinan Barbaros Yavuz_Selim Menderes Mevlana Lale Gül Papatya Menekşe Okul Çarşı Hürriyet Zafer Bağdat Fevzi_Çakmak Yunus_Emre Şehitler Park Kurtuluş',
  streetKinds: '*_Caddesi *_Sokak *_Bulvarı *_Mahallesi_Sokak',
  abbreviations: 'Caddesi:Cad.,Cd. Sokak:Sok.,Sk. Bulvarı:Blv. Mahallesi:Mah.',
  nationalId: '###########',
};
