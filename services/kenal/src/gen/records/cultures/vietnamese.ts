import type { Culture } from './culture.ts';

export const vietnamese: Culture = {
  id: 'vietnamese',
  region: 'VN',
  country: 'Vietnam',
  share: 0.04,
  men: {
    old: 'Hùng Dũng Minh Sơn Bình Thành Tâm Hải Long Đức Phúc Lộc Thọ Quý Tài Sáu Bảy Năm Ba Hiền',
    middle:
      'Hùng Tuấn Dũng Cường Thắng Minh Hải Quang Nam Hoàng Phong Sơn Thành Trung Việt Long Kiên Tùng Hòa Khánh Toàn',
    young: 'Huy Khang Bảo Minh Phúc Anh Khoa Phát Đạt Khôi Long Nam Duy Quân Kiệt Thịnh Tuấn Hiếu Nhân Trí Quốc Đăng',
  },
  women: {
    old: 'Lan Hoa Mai Liên Hương Hồng Cúc Tuyết Nga Thu Xuân Tư Chín Út Loan Phượng Nguyệt Huệ Sen',
    middle: 'Hương Lan Hà Thủy Nga Hạnh Hằng Thảo Hiền Phương Yến Dung Oanh Thu Mai Loan Vân Hồng Bích Nhung Trang',
    young: 'Anh Trang Linh Phương Hương Thảo My Ngọc Vy Nhi Hân Trâm Ngân Châu Quỳnh Uyên Như Hà Thư Khánh Tiên',
  },
  family: {
    frequent:
      'Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Mai Trương Lâm Phùng Tô Cao Hà Đào Lương Châu Tạ Quách Thái La Vương Chu Tống Nghiêm Tôn',
    skew: 1.6,
  },
  familyFirst: true,
  middle: {
    share: 0.92,
    men: 'Văn Đức Minh Quốc Hữu Công Ngọc Thanh Xuân Đình Quang Anh Gia Hoàng Tuấn',
    women: 'Thị Ngọc Thu Thanh Kim Minh Hồng Phương Bích Thùy Mỹ Diễm Khánh Bảo Thảo',
  },
  takesName: 0,
  spellings: [
    [/Đ/, 'D'],
    [/Đ/, 'Dj'],
    [/Hoàng/, 'Huỳnh'],
    [/Huỳnh/, 'Hoàng'],
    [/Vũ/, 'Võ'],
    [/ễ/, 'e'],
    [/ạ|ả|ă|â|à|á/, 'a'],
    [/ơ|ô|ồ|ò|ọ/, 'o'],
    [/ư|ù|ũ|ú/, 'u'],
    [/y$/, 'i'],
    [/Ph/, 'F'],
    [/Kh/, 'K'],
  ],
  nicknames:
    'Minh:Tí Hùng:Cu Anh:Annie Linh:Lyn Trang:Tracy Nhi:Bé Vy:Vivi Long:Ryan Huy:Henry Ngọc:Ruby Tuấn:Tony Phương:Phoebe My:Amy',
  cities:
    'Hồ_Chí_Minh/Hồ_Chí_Minh/70#### Hà_Nội/Hà_Nội/10#### Hải_Phòng/Hải_Phòng/18#### Đà_Nẵng/Đà_Nẵng/55#### Cần_Thơ/Cần_Thơ/90#### Biên_Hòa/Đồng_Nai/81#### Huế/Thừa_Thiên_Huế/53#### Nha_Trang/Khánh_Hòa/65#### Vinh/Nghệ_An/46#### Đà_Lạt/Lâm_Đồng/67#### Quy_Nhơn/Bình_Định/59#### Vũng_Tàu/Bà_Rịa/79#### Nam_Định/Nam_Định/42#### Mỹ_Tho/Tiền_Giang/86#### Hạ_Long/Quảng_Ninh/20####',
  towns: {
    start: 'An_ Bình_ Đông_ Hòa_ Long_ Mỹ_ Phú_ Phước_ Tân_ Thanh_ Vĩnh_ Yên_',
    end: 'Sơn Phú Long Hà Thạnh Lộc Châu Xuyên Bình Khê Thành Mỹ',
    postcode: '######',
  },
  streets:
    'Nguyễn_Huệ Lê_Lợi Trần_Hưng_Đạo Hai_Bà_Trưng Lý_Thường_Kiệt Nguyễn_Trãi Điện_Biên_Phủ Cách_Mạng_Tháng_Tám Lê_Duẩn Phan_Chu_Trinh Hùng_Vương Quang_Trung Nguyễn_Văn_Cừ Võ_Thị_Sáu Hoàng_Diệu Bà_Triệu Ngô_Quyền Pasteur Trường_Chinh Lê_Hồng_Phong',
  streetKinds: 'Đường_* Phố_* Đường_* Ngõ_* Hẻm_*',
  abbreviations: 'Đường:Đ.,D. Phố:P. Ngõ:Ng. Hẻm:H. Nguyễn:Ng. Trần:Tr.',
  nationalId: '############',
};
