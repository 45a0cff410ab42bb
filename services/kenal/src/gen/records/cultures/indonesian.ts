import type { Culture } from './culture.ts';

export const indonesian: Culture = {
  id: 'indonesian',
  region: 'ID',
  country: 'Indonesia',
  share: 0.09,
  men: {
    old: 'Slamet Sutrisno Suparman Suyanto Sukarno Sumarno Suwarno Sugeng Supriyadi Sunarto Mulyono Ngadimin Paimin Wagiman Abdul Achmad Kasman Tukiman Samsudin Sudirman Harjo Karto Made Wayan Ketut',
    middle:
      'Agus Budi Bambang Joko Eko Hendra Dedi Heru Iwan Rudi Andi Asep Yudi Ahmad Muhammad Anton Ade Herman Irwan Teguh Wahyu Didik Arif Taufik Hari Toni Ujang Nyoman Gede Rizal Yusuf Ismail',
    young:
      'Muhammad Rizky Dimas Aditya Fajar Rafi Bayu Ilham Reza Galih Bagas Arya Farhan Alif Raka Daffa Yoga Kevin Fauzan Satria Naufal Ahmad Iqbal Gilang Rendi Putra Dwi Tri Akbar',
  },
  women: {
    old: 'Sumiati Suparti Siti Aminah Sulastri Kartini Suminah Painem Tumini Ngatinah Rukmini Sutinah Surti Kasiyem Mariyam Ni_Luh Fatimah Wagiyem Saminah Juminah',
    middle:
      'Sri Siti Endang Dewi Yanti Rina Ani Wati Nur Lilis Yuli Ratna Eni Nining Tuti Wiwik Indah Ida Heni Susi Dian Lina Rini Titin Erna Retno Maya Elis',
    young:
      'Putri Ayu Nabila Intan Anisa Dinda Salsabila Aulia Tiara Nadia Rani Citra Zahra Fitri Amelia Nur Dwi Tri Wulan Cindy Bunga Kirana Rahma Nisa Laras Melati Safira',
  },
  composedGiven: 0.1,
  givenParts: {
    men: ['Su Sri Dar Har Wi Joyo Marto Sas Purwo Kusno', 'yono tono manto wanto jono ryadi darmo gito tomo broto'],
    women: ['Su Sri Har Wi Yu Kus Dar Wahyu', 'ningsih yanti warni lastri narti miyati tini wati'],
  },
  family: {
    frequent:
      'Setiawan Saputra Wijaya Santoso Lestari Kurniawan Hidayat Susanto Pratama Nugroho Rahayu Wahyuni Utami Gunawan Purnomo Sari Handayani Siregar Nasution Simanjuntak Lubis Harahap Sitompul Hutapea Tanjung Halim Wibowo Hartono Permana Kusuma Maulana Ramadhan Firmansyah Siswanto Suryadi Budiman Tarigan Ginting Sinaga Purba Iskandar Hakim Rahman Anggraini Puspita Permata Kartika Mulyani Fadilah Syahputra Sembiring Manurung',
    skew: 0.6,
    composed: 0.15,
    start: 'Har Her Kus Pur Sas Se Sri Su Sur Tri Wi Yu',
    end: 'darto diyanto mawan nadi naryo ndoro nomo ryanto tanto tyawan wardana widodo',
  },
  oneName: 0.35,
  ownSecondName: 0.6,
  middle: { share: 0.2 },
  takesName: 0.05,
  spellings: [
    [/u/, 'oe'],
    [/^Y/, 'J'],
    [/^J/, 'Dj'],
    [/c/, 'tj'],
    [/Muhammad/, 'Moh.'],
    [/Muhammad/, 'Mohammad'],
    [/Muhammad/, 'M.'],
    [/^A(?=h?mad)/, 'Ac'],
    [/y$/, 'i'],
    [/i$/, 'y'],
    [/^Siti$/, 'Sitti'],
    [/f/, 'p'],
  ],
  nicknames:
    'Muhammad:Mamat Bambang:Bams Suparman:Parman Sutrisno:Tris Supriyadi:Supri,Yadi Slamet:Met Sulastri:Lastri Kartini:Tini Sumiati:Sumi,Ati Salsabila:Caca,Salsa Aditya:Adit Rizky:Kiki Dimas:Mas Nabila:Bila Amelia:Amel Anisa:Nisa Hendra:Hen Joko:Jok Fitri:Fit Putri:Puput Wahyu:Yayuk',
  cities:
    'Jakarta/DKI_Jakarta/1#### Surabaya/Jawa_Timur/60### Bandung/Jawa_Barat/40### Bekasi/Jawa_Barat/17### Medan/Sumatera_Utara/20### Depok/Jawa_Barat/16### Tangerang/Banten/15### Semarang/Jawa_Tengah/50### Palembang/Sumatera_Selatan/30### Makassar/Sulawesi_Selatan/90### Bogor/Jawa_Barat/161## Padang/Sumatera_Barat/25### Malang/Jawa_Timur/65### Surakarta/Jawa_Tengah/57### Yogyakarta/DI_Yogyakarta/55### Denpasar/Bali/80### Manado/Sulawesi_Utara/95### Pontianak/Kalimantan_Barat/78### Mataram/Nusa_Tenggara_Barat/83###',
  towns: {
    start: 'Argo Banyu Batu Bojong Ci Gunung_ Karang Kebon Kota_ Muara_ Purwo Suka Sumber Tanjung_ Wono',
    end: 'rejo wangi mulyo sari maju harjo kerto jaya raya agung pura gede',
    postcode: '#####',
  },
  streets:
    'Sudirman Merdeka Diponegoro Ahmad_Yani Gajah_Mada Imam_Bonjol Pahlawan Veteran Kartini Pemuda Gatot_Subroto Melati Mawar Kenanga Anggrek Cendana Kemuning Mangga Rambutan Raya_Bogor Pasar Masjid Sekolah Pelita Garuda Rajawali Flamboyan Teratai Siliwangi Hasanuddin',
  streetKinds: 'Jalan_* Jalan_*_Raya Gang_* Jalan_*_I Jalan_*_II',
  abbreviations: 'Jalan:Jl.,Jln Gang:Gg. Raya:Ry',
  nationalId: '################',
};
